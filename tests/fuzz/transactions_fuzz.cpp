// SPDX-License-Identifier: GPL-3.0-or-later
// A transaction layer between a hostile network and a hasty user. The input is a list of steps: messages made
// of few enough parts that they meet each other's transactions, raw bytes, time, lost connections, saving and
// restoring.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/archive.hpp"
#include "base/random.hpp"
#include "sip/message_writer.hpp"
#include "sip/transaction_layer.hpp"

namespace {

using namespace almon;
using namespace almon::sip;

void require(bool holds) {
    if (!holds) std::abort();
}

class Input final {
public:
    Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
    [[nodiscard]] bool at_end() const { return size_ == 0; }
    std::uint8_t byte() {
        if (size_ == 0) return 0;
        --size_;
        return *data_++;
    }
    unsigned below(unsigned bound) { return byte() % bound; }
    std::string_view bytes(std::size_t count) {
        count = std::min(count, size_);
        const std::string_view taken(reinterpret_cast<const char*>(data_), count);
        data_ += count;
        size_ -= count;
        return taken;
    }

private:
    const std::uint8_t* data_;
    std::size_t size_;
};

constexpr const char* kMethods[] = {"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "REGISTER", "BREW"};
constexpr const char* kBranches[] = {"z9hG4bKa", "z9hG4bKb", "z9hG4bKc", "old", "z9hG4bK", ""};
constexpr int kStatuses[] = {100, 180, 183, 200, 202, 301, 401, 404, 486, 487, 503, 603, 699};

class World final : public Wire, public TransactionUser {
public:
    World() { layer_ = std::make_unique<TransactionLayer>(random_, *this, *this, kLimits); }

    void step(Input& input) {
        switch (input.below(13)) {
            case 0:
            case 1:
            case 2:
                receive(flow(input), [&] { return request(input); });
                break;
            case 3:
            case 4:
                receive(flow(input), [&] { return response(input); });
                break;
            case 5:
                receive(flow(input), [&] { return std::string(input.bytes(input.byte() * std::size_t{4})); });
                break;
            case 6:
                respond(input);
                break;
            case 7:
                send(input);
                break;
            case 8:
                pass(std::chrono::milliseconds(input.byte() * 50));
                break;
            case 9:
                pass(std::chrono::seconds(input.byte()));
                break;
            case 10:
                layer_->flow_lost(flow(input), now_);
                break;
            case 11:
                save_and_restore();
                break;
            case 12:
                haste_ = input.below(4);
                break;
            default:
                break;
        }
    }

    /// Once everything is answered and the network is gone, nothing may remain.
    void finish() {
        const auto open = servers_;
        for (const auto& [id, answered] : open)
            layer_->respond(id, 500, "SIP/2.0 500 End\r\n\r\n", now_);
        for (unsigned kind = 0; kind < kFlows; ++kind)
            layer_->flow_lost(flow_of(kind), now_);
        pass(std::chrono::seconds(600));
        require(layer_->size() == 0);
        require(!layer_->next_deadline());
        require(servers_.empty());
    }

    void send(const Flow&, std::string_view bytes) override {
        require(!bytes.empty());
        ++sent_;
    }
    void on_request(ServerTransactionId id, const Flow&, const Message& message) override {
        require(message.is_request() && message.method() != Method::Ack &&
                message.method() != Method::Cancel);
        require(servers_.emplace(id, false).second);
        require(layer_->flow_of(id) != nullptr);
        // The user may answer from within.
        if ((haste_ & 1U) != 0) respond(id, 183);
        if ((haste_ & 2U) != 0) respond(id, message.method() == Method::Options ? 404 : 200);
    }
    void on_ack(const Flow&, const Message& message) override { require(message.method() == Method::Ack); }
    void on_cancel(ServerTransactionId id, const Message& message) override {
        require(message.method() == Method::Cancel);
        const auto invite = servers_.find(id);
        require(invite != servers_.end() && !invite->second);
    }
    void on_response(ClientTransactionId id, const Flow&, const Message& message) override {
        require(!message.is_request() && !message.defect());
        // The user learns of a client transaction from send(), which has returned by now.
        const auto client = clients_.find(id);
        require(client != clients_.end());
        require(client->second < 200 || (client->second < 300 && message.status() / 100 == 2));
        client->second = message.status();
    }
    void on_stray_response(const Flow&, const Message& message) override { require(!message.is_request()); }
    void on_failure(ClientTransactionId id, Failure) override {
        const auto client = clients_.find(id);
        require(client != clients_.end() && client->second < 200);
        clients_.erase(client);
    }
    void on_terminated(ServerTransactionId id) override { require(servers_.erase(id) == 1); }

private:
    static constexpr TransactionLimits kLimits{.transactions = 8};
    static constexpr unsigned kFlows = 4;

    static Flow flow_of(unsigned kind) {
        Flow flow;
        flow.transport = kind < 2 ? TransportKind::Udp : TransportKind::Tcp;
        flow.local = NetAddress::parse("192.0.2.100", 5060).value();
        flow.remote = NetAddress::parse("192.0.2.1", static_cast<std::uint16_t>(40000 + kind)).value();
        flow.connection = kind == 3 ? 9 : 0;
        return flow;
    }
    static Flow flow(Input& input) { return flow_of(input.below(kFlows)); }

    std::string request(Input& input) {
        const std::string method = kMethods[input.below(std::size(kMethods))];
        const unsigned shape = input.byte();
        std::string text = method + " sip:b@192.0.2.100 SIP/2.0\r\n";
        text += std::string("Via: SIP/2.0/UDP 192.0.2.1") + ((shape & 1U) != 0 ? ":5062" : "") +
                ((shape & 2U) != 0 ? ";rport" : "") +
                ";branch=" + kBranches[input.below(std::size(kBranches))] +
                "\r\nFrom: <sip:a@192.0.2.1>;tag=a\r\nTo: <sip:b@192.0.2.100>" +
                ((shape & 4U) != 0 ? ";tag=500" : "") + "\r\nCall-ID: c" + ((shape & 8U) != 0 ? "1" : "2") +
                "\r\nCSeq: 1 " + ((shape & 0xF0U) == 0xF0U ? "OPTIONS" : method) + "\r\n\r\n";
        return text;
    }

    std::string response(Input& input) {
        const int status = kStatuses[input.below(std::size(kStatuses))];
        if (sent_requests_.empty()) return "SIP/2.0 200 OK\r\n\r\n";
        const auto& bytes = sent_requests_[input.byte() % sent_requests_.size()];
        const auto message = Message::parse(bytes);
        return MessageWriter::response(*message, status, {}, {.to_tag = "t", .source = nullptr}).finish();
    }

    /// The flow's byte stands before those of the message, whatever the compiler's order of arguments.
    template <class Maker>
    void receive(const Flow& from, Maker make) {
        if (const auto message = Message::parse(make())) layer_->receive(from, *message, now_);
    }

    void respond(Input& input) {
        if (servers_.empty()) return;
        auto server = servers_.begin();
        std::advance(server, input.byte() % servers_.size());
        respond(server->first, kStatuses[input.below(std::size(kStatuses))]);
    }

    void respond(ServerTransactionId id, int status) {
        if (status >= 200) servers_.at(id) = true;
        layer_->respond(id, status,
                        "SIP/2.0 " + std::to_string(status) + " X\r\nTo: <sip:b@a>;tag=500\r\n\r\n", now_);
    }

    void send(Input& input) {
        const std::string method = input.below(2) == 0 ? "INVITE" : "OPTIONS";
        std::string branch = layer_->new_branch();
        std::string bytes =
            method + " sip:a@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.100;branch=" + branch +
            "\r\nFrom: <sip:b@a>;tag=o\r\nTo: <sip:a@a>\r\nCall-ID: o\r\nCSeq: 4 " + method + "\r\n\r\n";
        if (sent_requests_.size() < 64) sent_requests_.push_back(bytes);
        const auto id = layer_->send(flow(input), method_of(method), method, branch, bytes, now_);
        require(clients_.emplace(id, 0).second);
    }

    void pass(Duration duration) {
        const Instant end = now_.instant + duration;
        while (true) {
            const auto next = layer_->next_deadline();
            if (!next || *next > end) break;
            now_.instant = std::max(now_.instant, *next);
            layer_->advance(now_);
            require(!layer_->next_deadline() || *layer_->next_deadline() > now_.instant);
        }
        now_.instant = end;
    }

    void save_and_restore() {
        Archive archive;
        archive.put(*layer_);
        layer_ = std::make_unique<TransactionLayer>(random_, *this, *this, kLimits);
        ArchiveReader reader(archive.bytes());
        reader.get(*layer_);
        require(reader.ok() && reader.at_end());
        Archive again;
        again.put(*layer_);
        require(again.bytes() == archive.bytes());
    }

    SeededRandom random_{7};
    std::unique_ptr<TransactionLayer> layer_;
    Now now_{};
    std::map<ServerTransactionId, bool> servers_;  ///< Whether a final response was given.
    std::map<ClientTransactionId, int> clients_;   ///< The latest status.
    std::vector<std::string> sent_requests_;
    std::uint64_t sent_ = 0;
    unsigned haste_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input(data, size);
    World world;
    while (!input.at_end())
        world.step(input);
    world.finish();
    return 0;
}
