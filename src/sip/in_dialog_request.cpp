// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "sip/user_agent_state.hpp"

namespace almon::sip {

namespace {

/// RFC 3261 12.2.1.1, RFC 3311, 6665, 3515: requests whose Contact refreshes the peer's target.
bool is_target_refresh(Method method) noexcept {
    switch (method) {
        case Method::Invite:
        case Method::Update:
        case Method::Subscribe:
        case Method::Notify:
        case Method::Refer:
            return true;
        default:
            return false;
    }
}

}  // namespace

MessageWriter UserAgent::State::begin_in_dialog(const Dialog& dialog, std::string_view method,
                                                std::uint32_t cseq, std::string_view branch,
                                                DigestClient* digest) {
    const LocalIdentity& self = identity(dialog.flow);
    const auto write = [&](std::string_view request_uri, const std::vector<std::string>& route) {
        auto writer = MessageWriter::request(method, request_uri);
        writer.add_via(via_name(dialog.flow.transport), self.sent_by, branch)
            .add(HeaderName::MaxForwards, "70");
        for (const auto& hop : route)
            writer.add(HeaderName::Route, hop);
        writer.add(HeaderName::From, dialog.local)
            .add(HeaderName::To, dialog.remote)
            .add(HeaderName::CallId, dialog.call_id)
            .add_cseq(cseq, method)
            .add(HeaderName::UserAgent, settings.product);
        if (digest != nullptr) digest->add_to(writer, method, request_uri, random);
        return writer;
    };
    if (dialog.route_set.empty()) return write(dialog.remote_target, dialog.route_set);
    const auto path = dialog.path();
    return write(path.request_uri, path.route);
}

ClientTransactionId UserAgent::State::send_in_dialog(Session& session, SessionDialog& dialog, Method method,
                                                     std::string_view method_name, ClientUse use,
                                                     const Body& body, const ExtraHeaders& headers) {
    auto branch = transactions.new_branch();
    use.session = session.id;
    use.remote_tag = dialog.dialog.remote_tag;
    use.cseq = ++dialog.dialog.local_cseq;
    auto writer = begin_in_dialog(dialog.dialog, method_name, use.cseq, branch, &session.digest);
    if (is_target_refresh(method) && !contains(headers, "Contact")) {
        writer.add(HeaderName::Contact, identity(dialog.dialog.flow).contact);
    }
    if (method == Method::Invite || method == Method::Update) {
        writer.add(HeaderName::Allow, allow).add(HeaderName::Supported, supported);
        add_session_expires(writer, session);
    }
    add_all(writer, headers);
    if (session.digest.credentials) {
        use.method = method_name;
        use.body = body;
        use.headers = headers;
    }
    const auto transaction = transactions.send(dialog.dialog.flow, method, method_name, std::move(branch),
                                               writer.finish(body.content_type, body.bytes), now);
    client_uses.insert_or_assign(transaction, std::move(use));
    return transaction;
}

ClientRequestId UserAgent::State::request_in(Session& session, std::string_view method, const Body& body,
                                             const ExtraHeaders& headers) {
    const ClientRequestId id{++last_request};
    SessionDialog* dialog = session.current();
    if (dialog == nullptr || session.stage == Session::Stage::Ending) {
        timers.start(now.instant, {UserAgentTimer::Kind::FailRequest, session.id, id});
        return id;
    }
    const Method known = method_of(method);
    ClientUse use{.kind = ClientUse::Kind::InSession, .request = id};
    use.of_invite_usage = known != Method::Notify && known != Method::Subscribe && known != Method::Refer &&
                          known != Method::Options;
    send_in_dialog(session, *dialog, known, method, std::move(use), body, headers);
    return id;
}

bool UserAgent::State::repeat_with_credentials(Session& session, const ClientUse& use,
                                               const Message& response) {
    SessionDialog* dialog = session.dialog_with(use.remote_tag);
    if (dialog == nullptr || use.authorized || use.method.empty()) return false;
    session.digest.accepted();
    if (!session.digest.take(response)) return false;
    ClientUse again = use;
    again.authorized = true;
    const auto transaction = send_in_dialog(session, *dialog, method_of(use.method), use.method,
                                            std::move(again), use.body, use.headers);
    if (use.kind == ClientUse::Kind::Reinvite) session.own_invite = transaction;
    return true;
}

}  // namespace almon::sip
