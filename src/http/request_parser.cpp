// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/request_parser.hpp"

#include <algorithm>
#include <memory>
#include <string>

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

namespace almon::http {

namespace {

namespace beast_http = boost::beast::http;
using boost::beast::string_view;
using boost::system::error_code;

/// Memory for a body that is announced and has yet to come.
constexpr std::size_t kReservedBody = std::size_t{64} * 1024;
/// Of one chunk: its size line with extensions; and of the trailer section behind the last.
constexpr std::size_t kMaxChunkHeader = std::size_t{8} * 1024;

/// Of a chunked body: "0" and two ends of line.
constexpr std::size_t kShortestEnd = 5;

std::string_view view(string_view text) noexcept {
    return {text.data(), text.size()};
}

}  // namespace

/// Beast's parser takes the grammar apart and reports the pieces to the functions named on_..._impl.
class RequestParser::Machine final {
public:
    Machine(Request& request, std::size_t max_head)
        : request_(request), max_head_(max_head), grammar_(*this) {
        request_.clear();
    }

    void start() {
        // Beast's parser is for one message, and rather made anew in its place than on the heap.
        std::destroy_at(&grammar_);
        std::construct_at(&grammar_, *this);
        head_bytes_ = 0;
        body_limit_ = 0;
        given_ = 0;
        head_done_ = false;
        http_1_1_ = true;
        discard_ = false;
        transfer_coding_ = false;
        hosts_ = 0;
        refusal_ = {};
        target_ = {};
        request_.clear();
    }

    Progress feed(std::string_view bytes) {
        std::size_t consumed = 0;
        // RFC 9112 2.2: an empty line before a request is ignored; some clients send one after a body.
        while (!grammar_.got_some() && bytes.size() - consumed >= 2 && bytes[consumed] == '\r' &&
               bytes[consumed + 1] == '\n') {
            consumed += 2;
        }
        if (consumed == bytes.size() && !head_done_) return {Step::NeedMore, consumed};
        if (!grammar_.got_some() && bytes.substr(consumed) == "\r") return {Step::NeedMore, consumed};
        while (!grammar_.is_done()) {
            const std::string_view rest = bytes.substr(consumed);
            if (rest.empty()) return {Step::NeedMore, consumed};
            // Beast asserts more of an end than may have arrived.
            if (head_done_ && grammar_.chunked() && rest.size() < kShortestEnd)
                return {Step::NeedMore, consumed};
            error_code error;
            const std::size_t taken =
                grammar_.put(boost::asio::const_buffer(rest.data(), rest.size()), error);
            consumed += taken;
            if (!head_done_) {
                // Beast's own limit begins anew after every field it has taken.
                head_bytes_ += taken;
                const bool unfinished = error == beast_http::error::need_more;
                if (head_bytes_ + (unfinished ? rest.size() - taken : 0) > max_head_) {
                    return refuse_with(431, "header", "is too long", consumed);
                }
            }
            if (error == beast_http::error::need_more) {
                if (head_done_ && bytes.size() - consumed > kMaxChunkHeader) {
                    return refuse_with(400, "body", "has a chunk header that is too long", consumed);
                }
                return {Step::NeedMore, consumed};
            }
            if (error) return refuse_for(error, consumed);
            if (!head_done_ && grammar_.is_header_done()) {
                head_done_ = true;
                if (!check_head()) return {Step::Refused, consumed};
                return {Step::Head, consumed};
            }
        }
        return {Step::Complete, consumed};
    }

    Refusal refusal_;
    Result<void> target_;
    bool discard_ = false;
    bool head_done_ = false;
    bool http_1_1_ = true;
    std::uint64_t body_limit_ = 0;
    std::uint64_t given_ = 0;  ///< Of the body, by take_body().
    Request& request_;
    const std::size_t max_head_;

    class Grammar final : public beast_http::basic_parser<true> {
    public:
        explicit Grammar(Machine& machine) : machine_(machine) {
            header_limit(static_cast<std::uint32_t>(machine.max_head_));
            body_limit(boost::none);  // ours begins when the route is known
        }

    private:
        void on_request_impl(beast_http::verb, string_view method, string_view target, int version,
                             error_code&) override {
            machine_.http_1_1_ = version >= 11;
            machine_.request_.method = http::parse_method(view(method));
            machine_.target_ = machine_.request_.set_target(view(target));
        }
        void on_response_impl(int, string_view, int, error_code&) override {}
        void on_field_impl(beast_http::field name, string_view name_text, string_view value,
                           error_code&) override {
            if (machine_.head_done_) return;  // trailers; nothing we serve reads them
            if (name == beast_http::field::host) ++machine_.hosts_;
            if (name == beast_http::field::transfer_encoding) {
                machine_.transfer_coding_ = true;
                machine_.only_chunked_ = equal_ignoring_case(trim(view(value)), "chunked");
            }
            machine_.request_.headers.add(view(name_text), view(value));
        }
        void on_header_impl(error_code&) override {}
        void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
            if (length && !machine_.discard_) {
                machine_.request_.body.reserve(
                    static_cast<std::size_t>(std::min<std::uint64_t>(*length, kReservedBody)));
            }
        }
        std::size_t on_body_impl(string_view body, error_code& error) override {
            return machine_.take_body(view(body), error);
        }
        void on_chunk_header_impl(std::uint64_t size, string_view, error_code& error) override {
            if (!machine_.discard_ && size > machine_.body_room()) {
                error = beast_http::error::body_limit;
            }
        }
        std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code& error) override {
            return machine_.take_body(view(body), error);
        }
        void on_finish_impl(error_code&) override {}

        Machine& machine_;
    };
    Grammar grammar_;

private:
    bool check_head() {
        if (!target_) {
            refusal_ = {400, target_.error()};
            return false;
        }
        if (transfer_coding_ && (!only_chunked_ || !grammar_.chunked())) {
            refusal_ = {501, {ErrorCode::Unsupported, "Transfer-Encoding", "only chunked is understood"}};
            return false;
        }
        if (transfer_coding_ && !http_1_1_) {
            refusal_ = {400, {ErrorCode::Malformed, "Transfer-Encoding", "needs HTTP/1.1"}};
            return false;
        }
        if (hosts_ > 1 || (hosts_ == 0 && http_1_1_)) {
            refusal_ = {400, {ErrorCode::Malformed, "Host", "must be there once"}};
            return false;
        }
        return true;
    }

    [[nodiscard]] std::uint64_t body_room() const noexcept {
        return body_limit_ - given_ - request_.body.size();
    }

    std::size_t take_body(std::string_view body, error_code& error) {
        if (discard_) return body.size();
        if (body.size() > body_room()) {
            error = beast_http::error::body_limit;
            return 0;
        }
        request_.body.append(body);
        return body.size();
    }

    Progress refuse_with(int status, std::string field, std::string reason, std::size_t consumed) {
        refusal_ = {status, {ErrorCode::Malformed, std::move(field), std::move(reason)}};
        return {Step::Refused, consumed};
    }

    Progress refuse_for(const error_code& error, std::size_t consumed) {
        if (error == beast_http::error::header_limit)
            return refuse_with(431, "header", "is too long", consumed);
        if (error == beast_http::error::body_limit) return refuse_with(413, "body", "is too long", consumed);
        if (error == beast_http::error::bad_version) {
            return refuse_with(505, "version", "is not HTTP/1.1", consumed);
        }
        return refuse_with(400, head_done_ ? "body" : "header", error.message(), consumed);
    }

    std::size_t head_bytes_ = 0;
    bool transfer_coding_ = false;
    bool only_chunked_ = false;
    unsigned hosts_ = 0;
};

RequestParser::RequestParser(Request& request, std::size_t max_head)
    : machine_(std::make_unique<Machine>(request, max_head)) {}
RequestParser::~RequestParser() = default;

RequestParser::Progress RequestParser::feed(std::string_view bytes) {
    return machine_->feed(bytes);
}
void RequestParser::reset() {
    machine_->start();
}
const RequestParser::Refusal& RequestParser::refusal() const noexcept {
    return machine_->refusal_;
}
bool RequestParser::started() const noexcept {
    return machine_->grammar_.got_some();
}
void RequestParser::limit_body(std::uint64_t bytes) {
    machine_->body_limit_ = bytes;
}
void RequestParser::discard_body() noexcept {
    machine_->discard_ = true;
}
std::string RequestParser::take_body() {
    std::string piece = std::exchange(machine_->request_.body, {});
    machine_->given_ += piece.size();
    return piece;
}
std::optional<std::uint64_t> RequestParser::announced_body() const noexcept {
    if (machine_->grammar_.chunked()) return std::nullopt;
    return machine_->grammar_.content_length().value_or(0);
}
bool RequestParser::is_complete() const noexcept {
    return machine_->grammar_.is_done();
}
bool RequestParser::keeps_alive() const noexcept {
    return machine_->head_done_ && machine_->grammar_.keep_alive();
}
bool RequestParser::is_http_1_1() const noexcept {
    return machine_->http_1_1_;
}
bool RequestParser::expects_continue() const noexcept {
    return equal_ignoring_case(machine_->request_.headers.get("Expect"), "100-continue");
}
bool RequestParser::wants_websocket() const noexcept {
    return machine_->grammar_.upgrade() &&
           list_admits(machine_->request_.headers.get("Upgrade"), "websocket");
}

}  // namespace almon::http
