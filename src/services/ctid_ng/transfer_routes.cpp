// SPDX-License-Identifier: GPL-3.0-or-later
// Transfers that programs steer (API-137, API-138).
#include <utility>

#include "services/ctid_ng/ctid_ng_api.hpp"
#include "services/ctid_ng/request_bodies.hpp"
#include "services/events/call_view.hpp"

namespace almon::services {

namespace json = boost::json;
using http::Request;
using http::Response;
using Office = CtidNgApi::Office;

namespace {

json::object shown(const Office& office, const pbx::SteeredTransfer& transfer) {
    return transfer_json(transfer.told(bus::TransferChange::Updated), *office.parts.configuration());
}

Result<Response> begin(const Office& office, const pbx::TransferOrder& order) {
    const auto begun = office.order([&](pbx::CallCore& core) { return core.transfer(order); });
    if (!begun) return refuse_request(begun.error());
    return Response::json(201, shown(office, *begun));
}

Result<Response> create(const Office& office, const Request& request) {
    const auto order = parse_transfer(request.body);
    if (!order) return refuse(order);
    return begin(office, *order);
}

Result<Response> create_own(const Office& office, const Request& request) {
    const auto user = office.asking_user(request);
    if (!user) return refuse_request(user.error());
    const auto order = parse_own_transfer(request.body);
    if (!order) return refuse(order);
    const auto is_own = office.look([&](const LiveView& view) -> Result<bool> {
        const auto* call = view.calls.find(order->initiator);
        if (call == nullptr)
            return refuse(ErrorCode::InvalidArgument, "initiator_call", "is no call that is up");
        return call->user == *user;
    });
    if (!is_own) return refuse(is_own);
    if (!*is_own) return refuse(ErrorCode::Forbidden, "initiator_call", "is a call of somebody else");
    return begin(office, *order);
}

Result<pbx::SteeredTransfer> find(const Office& office, const Request& request) {
    return office.order(
        [&](pbx::CallCore& core) { return core.find_transfer(request.path_parameter("transfer_id")); });
}

/// Lets go on who has ordered it.
Result<void> check_owner(const Office& office, const Request& request) {
    const auto user = office.asking_user(request);
    if (!user) return refuse_request(user.error());
    const auto transfer = find(office, request);
    if (!transfer) return refuse(transfer);
    if (transfer->user != *user)
        return refuse(ErrorCode::Forbidden, "transfer_id", "is a transfer of somebody else");
    return {};
}

Result<Response> show(const Office& office, const Request& request) {
    const auto transfer = find(office, request);
    if (!transfer) return refuse(transfer);
    return Response::json(200, shown(office, *transfer));
}

Result<Response> list_own(const Office& office, const Request& request) {
    const auto user = office.asking_user(request);
    if (!user) return refuse_request(user.error());
    const auto transfers =
        office.order([&](pbx::CallCore& core) -> Result<std::vector<pbx::SteeredTransfer>> {
            return core.transfers_of(*user);
        });
    if (!transfers) return refuse(transfers);
    json::array items;
    for (const auto& transfer : *transfers)
        items.push_back(shown(office, transfer));
    return Response::json(200, std::move(items));
}

using Step = Result<void> (pbx::CallCore::*)(std::string_view);

template <Step step>
Result<Response> take(const Office& office, const Request& request) {
    const auto taken = office.order(
        [&](pbx::CallCore& core) { return (core.*step)(request.path_parameter("transfer_id")); });
    if (!taken) return refuse(taken);
    return Response::empty(204);
}

template <Step step>
Result<Response> take_own(const Office& office, const Request& request) {
    if (const auto own = check_owner(office, request); !own) return refuse(own);
    return take<step>(office, request);
}

void define_schemas(Api& api) {
    const auto text = [](const char* says) {
        return json::object{{"type", "string"}, {"description", says}};
    };
    const json::object flow{
        {"type", "string"},
        {"enum", {"attended", "blind"}},
        {"default", "attended"},
        {"description", "Attended: the initiator talks to the recipient first. Blind: it does not"}};
    api.define("TransferFlow", flow);
    api.define(
        "TransferTimeout",
        {{"type", "integer"},
         {"description", "Seconds of ringing after which it is cancelled; none: as long as it rings"}});
    api.define("Transfer", {{"title", "Transfer"},
                            {"type", "object"},
                            {"properties",
                             {{"id", text("Names it")},
                              {"flow", flow},
                              {"initiator_call", text("Call of the initiator")},
                              {"initiator_uuid", text("The initiator's user")},
                              {"recipient_call", text("Call of the recipient; null before it rings")},
                              {"status",
                               {{"type", "string"},
                                {"enum", {"starting", "ringback", "answered"}},
                                {"description", "How far it has come"}}},
                              {"transferred_call", text("Call of who is sent to somebody else")}}}});
    const json::object own{{"exten", text("Number of the recipient")},
                           {"flow", reference_to("TransferFlow")},
                           {"initiator_call", text("Call of the initiator")},
                           {"timeout", reference_to("TransferTimeout")}};
    api.define("UserTransferRequest", {{"title", "UserTransferRequest"},
                                       {"type", "object"},
                                       {"required", {"initiator_call", "exten"}},
                                       {"properties", own}});
    auto all = own;
    all["context"] = text("Where the number is looked up; by default where the initiator dials");
    all["transferred_call"] = text("Call of who is sent; by default whoever talks to the initiator");
    all["variables"] = json::object{{"type", "object"}, {"description", "Texts for the recipient's call"}};
    api.define("TransferRequest", {{"title", "TransferRequest"}, {"type", "object"}, {"properties", all}});
}

}  // namespace

void add_transfer_routes(CtidNgApi& ctid_ng) {
    using enum http::Method;
    define_schemas(ctid_ng.api());
    const auto text = [](const char* id, const char* summary, bool own) {
        OperationText said{
            .id = id, .summary = summary, .tag = "transfers", .responses = {{404, {}}, {503, {}}}};
        if (own) said.responses.emplace_back(403, json::object{});
        return said;
    };
    const auto create_text = [](const char* id, const char* summary, const char* body) {
        return OperationText{.id = id,
                             .summary = summary,
                             .tag = "transfers",
                             .body = reference_to(body),
                             .responses = {{201, reference_to("Transfer")}, {400, {}}, {409, {}}, {503, {}}}};
    };
    const auto add_steps = [&](const std::string& base, bool own, CtidNgApi::Handler cancel,
                               CtidNgApi::Handler complete) {
        auto said = text(own ? "cancel_user_transfer" : "cancel_transfer",
                         "The initiator and the transferred party talk again", own);
        said.responses.emplace_back(204, json::object{});
        ctid_ng.add(Delete, base + "/{transfer_id}", said, cancel);
        said.id = own ? "complete_user_transfer" : "complete_transfer";
        said.summary = "The transferred party takes the initiator's place, before the answer as well";
        said.responses.emplace_back(409, json::object{});
        ctid_ng.add(Put, base + "/{transfer_id}/complete", said, complete);
    };
    using Core = pbx::CallCore;

    ctid_ng.add(Post, "/transfers",
                create_text("create_transfer", "Transfers the party that talks to a call", "TransferRequest"),
                create);
    auto shown_text = text("get_transfer", "One transfer", false);
    shown_text.responses.emplace_back(200, reference_to("Transfer"));
    ctid_ng.add(Get, "/transfers/{transfer_id}", shown_text, show);
    add_steps("/transfers", false, take<&Core::cancel_transfer>, take<&Core::complete_transfer>);

    ctid_ng.add(Get, "/users/me/transfers",
                {.id = "list_user_transfers",
                 .summary = "Transfers of who asks",
                 .tag = "transfers",
                 .responses = {{200, {{"type", "array"}, {"items", reference_to("Transfer")}}}, {503, {}}}},
                list_own);
    auto own_text =
        create_text("create_user_transfer", "Transfers the party that talks to a call of who asks",
                    "UserTransferRequest");
    own_text.responses.emplace_back(403, json::object{});
    ctid_ng.add(Post, "/users/me/transfers", own_text, create_own);
    add_steps("/users/me/transfers", true, take_own<&Core::cancel_transfer>,
              take_own<&Core::complete_transfer>);
}

}  // namespace almon::services
