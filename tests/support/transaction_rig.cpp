// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/transaction_rig.hpp"

#include <utility>

#include "sip/message_writer.hpp"

namespace almon::sip {

TransactionRig::TransactionRig(TransactionLimits bounds, std::uint64_t seed) : random(seed), limits(bounds) {
    flow.transport = TransportKind::Udp;
    flow.local = NetAddress::parse("192.0.2.100", 5060).value();
    flow.remote = NetAddress::parse("192.0.2.1", 40000).value();
    now.instant = Instant{100s};
    layer = std::make_unique<TransactionLayer>(random, *this, *this, limits);
}

void TransactionRig::receive(const std::string& bytes, const Flow& from) {
    const auto message = Message::parse(bytes);
    if (!message) {
        lines.push_back("unparsable: " + message.error().reason);
        return;
    }
    layer->receive(from, *message, now);
}

std::string TransactionRig::request(const std::string& method, const std::string& branch,
                                    const std::string& extra) const {
    const std::string number = "7 ";
    return method + " sip:1002@192.0.2.100 SIP/2.0\r\nVia: SIP/2.0/" + std::string(via_name(flow.transport)) +
           " 192.0.2.1:5062;rport;branch=" + branch +
           "\r\nMax-Forwards: 70\r\nFrom: <sip:1001@192.0.2.100>;tag=phone\r\nTo: <sip:1002@192.0.2.100>\r\n"
           "Call-ID: call-of-" +
           branch + "\r\nCSeq: " + number + method + "\r\n" + extra + "Content-Length: 0\r\n\r\n";
}

std::string TransactionRig::response(int status, const std::string& to_tag) const {
    const auto message = Message::parse(sent_request);
    return MessageWriter::response(*message, status, {}, {.to_tag = to_tag, .source = nullptr}).finish();
}

ClientTransactionId TransactionRig::send(const std::string& method, std::string branch) {
    if (branch.empty()) branch = layer->new_branch();
    std::string bytes = method +
                        " sip:1001@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.100:5060;branch=" + branch +
                        ";rport\r\nRoute: <sip:edge.example;lr>\r\nMax-Forwards: 70\r\n"
                        "From: \"Alice\" <sip:1002@192.0.2.100>;tag=ours\r\nTo: <sip:1001@192.0.2.1>\r\n"
                        "Call-ID: outgoing\r\nCSeq: 31 " +
                        method + "\r\nContent-Length: 0\r\n\r\n";
    client = layer->send(flow, method_of(method), method, std::move(branch), std::move(bytes), now);
    return client;
}

void TransactionRig::respond(int status, const std::string& to_tag) {
    const auto message = Message::parse(received_bytes);
    layer->respond(
        server, status,
        MessageWriter::response(*message, status, {}, {.to_tag = to_tag, .source = nullptr}).finish(), now);
}

void TransactionRig::pass(Duration duration) {
    const Instant end = now.instant + duration;
    while (true) {
        const auto next = layer->next_deadline();
        if (!next || *next > end) break;
        now.instant = std::max(now.instant, *next);
        layer->advance(now);
    }
    now.instant = end;
}

std::vector<std::string> TransactionRig::happened() {
    return std::exchange(lines, {});
}

void TransactionRig::save_and_restore() {
    Archive archive;
    archive.put(*layer);
    layer = std::make_unique<TransactionLayer>(random, *this, *this, limits);
    ArchiveReader reader(archive.bytes());
    reader.get(*layer);
    if (!reader.ok() || !reader.at_end()) lines.emplace_back("not restored");
    Archive again;
    again.put(*layer);
    if (again.bytes() != archive.bytes()) lines.emplace_back("restored differently");
}

void TransactionRig::send(const Flow& to, std::string_view bytes) {
    sent_bytes = bytes;
    if (!bytes.starts_with("SIP/2.0") && !bytes.starts_with("ACK")) sent_request = bytes;
    const std::string_view line = bytes.substr(0, bytes.find("\r\n"));
    lines.push_back("send " + to.remote.text() + " " +
                    std::string(line.starts_with("SIP/2.0") ? line : line.substr(0, line.find(' '))));
}

void TransactionRig::on_request(ServerTransactionId transaction, const Flow&, const Message& request) {
    server = transaction;
    received_bytes = request.bytes();
    lines.push_back("request " + std::string(request.method_name()));
    if (answers_at_once) respond(200);
}

void TransactionRig::on_ack(const Flow&, const Message&) {
    lines.emplace_back("ACK");
}

void TransactionRig::on_cancel(ServerTransactionId invite, const Message&) {
    lines.push_back(invite == server ? "cancelled" : "cancelled another");
}

void TransactionRig::on_response(ClientTransactionId transaction, const Flow&, const Message& response) {
    lines.push_back("response " + std::to_string(response.status()) +
                    (transaction == client ? "" : " to another"));
}

void TransactionRig::on_stray_response(const Flow&, const Message& response) {
    lines.push_back("stray " + std::to_string(response.status()));
}

void TransactionRig::on_failure(ClientTransactionId transaction, Failure failure) {
    lines.push_back(std::string(failure == Failure::Timeout ? "timeout" : "flow lost") +
                    (transaction == client ? "" : " of another"));
}

void TransactionRig::on_terminated(ServerTransactionId transaction) {
    lines.emplace_back(transaction == server ? "terminated" : "terminated another");
}

}  // namespace almon::sip
