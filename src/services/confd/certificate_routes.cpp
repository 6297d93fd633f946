// SPDX-License-Identifier: GPL-3.0-or-later
// Certificates that are made here, and their files (ADA-049 to ADA-052).

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>

#include "http/certificate.hpp"
#include "model/certificate.hpp"
#include "services/confd/association.hpp"
#include "services/moment.hpp"

namespace almon::services {

namespace json = boost::json;
using model::Certificate;
using model::Snapshot;

namespace {

constexpr std::chrono::days kUsualValidity{3650};
constexpr std::size_t kMostAlternatives = 100;
constexpr const char* kPem = "application/x-pem-file";

/// Members of the order that are texts.
constexpr auto kTexts = std::to_array<std::pair<const char*, std::string http::CertificateOrder::*>>(
    {{"common_name", &http::CertificateOrder::common_name},
     {"email", &http::CertificateOrder::email},
     {"unit", &http::CertificateOrder::unit},
     {"organization", &http::CertificateOrder::organization},
     {"city", &http::CertificateOrder::city},
     {"state", &http::CertificateOrder::state},
     {"country", &http::CertificateOrder::country}});

json::object order_schema() {
    json::object properties;
    const auto add = [&](const char* name, const char* type, const char* description) {
        properties[name] = json::object{{"type", type}, {"description", description}, {"x-nullable", true}};
    };
    add("description", "string", "Notes");
    add("is_authority", "boolean", "Whether others are proven by it");
    add("authority", "integer", "Number of the authority that signs it; null: it signs itself");
    add("valid_until", "string", "Its last day, like 2030-12-31; null: ten years from now");
    for (const auto& [name, member] : kTexts)
        add(name, "string", "Of whom it is");
    properties["name"] = json::object{{"type", "string"}, {"description", "What it is called here"}};
    properties["common_name"] =
        json::object{{"type", "string"}, {"description", "The name of the host, as phones call it"}};
    properties["alternatives"] = json::object{{"type", "array"},
                                              {"items", {{"type", "string"}}},
                                              {"x-nullable", true},
                                              {"description", "Further names and addresses of the host"}};
    properties["key_length"] = json::object{
        {"type", "integer"}, {"default", 2048}, {"enum", {2048, 3072, 4096}}, {"x-nullable", true}};
    return {{"title", "CertificateOrder"},
            {"type", "object"},
            {"required", {"name", "common_name"}},
            {"properties", std::move(properties)}};
}

/// What is ordered, and beside it what our own resource says of it.
struct Order {
    http::CertificateOrder certificate;
    std::optional<http::CertificateAndKey> authority;
    json::object fields;
};

Result<void> take_authority(const json::value& given, const Snapshot& snapshot, Order& order) {
    const auto id = model::codec::integer(given);
    if (!id) return refuse(ErrorCode::InvalidArgument, "authority", id.error().reason);
    const auto* found = snapshot.find(model::CertificateId{static_cast<std::uint64_t>(*id)});
    if (found == nullptr) return refuse(ErrorCode::InvalidArgument, "authority", "does not exist");
    if (found->private_key.empty())
        return refuse(ErrorCode::InvalidArgument, "authority", "has no key of its own here");
    order.authority = http::CertificateAndKey{found->certificate, found->private_key};
    return {};
}

Result<void> take_alternatives(const json::value& given, http::CertificateOrder& order) {
    const auto list = model::codec::list(given);
    if (!list) return refuse(ErrorCode::InvalidArgument, "alternatives", list.error().reason);
    if ((*list)->size() > kMostAlternatives)
        return refuse(ErrorCode::InvalidArgument, "alternatives", "are more than 100");
    for (const auto& entry : **list) {
        auto name = model::codec::text(entry);
        if (!name) return refuse(ErrorCode::InvalidArgument, "alternatives", name.error().reason);
        order.alternatives.push_back(*std::move(name));
    }
    return {};
}

Result<void> take_last_day(const json::value& given, http::CertificateOrder& order) {
    const auto text = model::codec::text(given);
    const auto moment = text ? parse_moment(*text + "T23:59:59Z") : std::nullopt;
    if (!moment) return refuse(ErrorCode::InvalidArgument, "valid_until", "must be like 2030-12-31");
    order.valid_until = *moment;
    return {};
}

Result<void> take(std::string_view name, const json::value& given, const Snapshot& snapshot, Order& order) {
    if (name == "authority") return take_authority(given, snapshot, order);
    if (name == "alternatives") return take_alternatives(given, order.certificate);
    if (name == "valid_until") return take_last_day(given, order.certificate);
    if (name == "key_length") {
        const auto bits = model::codec::integer(given);
        if (!bits) return refuse(ErrorCode::InvalidArgument, "key_length", bits.error().reason);
        // Whatever else is too long for a key is too long for an int as well.
        order.certificate.key_bits = static_cast<int>(std::clamp<std::int64_t>(*bits, 0, 65'536));
        return {};
    }
    if (name == "is_authority") {
        const auto is_one = model::codec::boolean(given);
        if (!is_one) return refuse(ErrorCode::InvalidArgument, "is_authority", is_one.error().reason);
        order.certificate.is_authority = *is_one;
    }
    const auto found =
        std::find_if(kTexts.begin(), kTexts.end(), [&](const auto& each) { return each.first == name; });
    if (found == kTexts.end()) {
        order.fields[name] = given;
        return {};
    }
    auto text = model::codec::text(given);
    if (!text) return refuse(ErrorCode::InvalidArgument, std::string(name), text.error().reason);
    order.certificate.*found->second = *std::move(text);
    return {};
}

tl::expected<Order, Errors> order_in(const http::Request& request, const Snapshot& snapshot, UtcTime now) {
    std::vector<std::string_view> known = {"name",        "description",  "is_authority", "authority",
                                           "valid_until", "alternatives", "key_length"};
    for (const auto& [name, member] : kTexts)
        known.emplace_back(name);
    const auto body = associations::object_with(request, known);
    if (!body) return tl::unexpected<Errors>(body.error());
    Order order;
    order.certificate.valid_until = now + kUsualValidity;
    Errors wrong;
    for (const auto& [name, given] : *body) {
        if (given.is_null()) continue;
        if (const auto taken = take(name, given, snapshot, order); !taken) wrong.push_back(taken.error());
    }
    if (!wrong.empty()) return tl::unexpected<Errors>(std::move(wrong));
    return order;
}

Planner generating(const ConfdParts& parts) {
    return [&store = parts.store, now = parts.now](const http::Request& request,
                                                   const Snapshot& before) -> tl::expected<Plan, Errors> {
        auto order = order_in(request, before, now());
        if (!order) return tl::unexpected<Errors>(std::move(order.error()));
        const auto& declaration = model::declaration_of<Certificate>();
        Certificate made;
        if (auto wrong = merge(declaration, order->fields, &made, false); !wrong.empty())
            return tl::unexpected<Errors>(std::move(wrong));
        if (made.name.empty()) return refused(ErrorCode::InvalidArgument, "name", "is missing");
        const auto issued = http::issue_certificate(
            order->certificate, order->authority ? &*order->authority : nullptr, now(), random_of_thread());
        if (!issued) return refused(issued.error());
        // Who proves it, as phones want to see it.
        made.certificate = issued->certificate + (order->authority ? order->authority->certificate : "");
        made.private_key = issued->private_key;
        made.id = store.reserve<Certificate>();
        Plan plan;
        plan.answer = [&declaration, made](const Snapshot& after) {
            return http::Response::json_text(201, view_of(declaration, &made, after))
                .with("Location", "/1.1/certificates/" + std::to_string(made.id.value));
        };
        associations::put(plan, std::move(made));
        return plan;
    };
}

}  // namespace

void add_certificate_routes(ConfdApi& confd) {
    confd.api().define("CertificateOrder", order_schema());
    confd.write(http::Method::Post, "/certificates/generate",
                {.id = "generate_certificate",
                 .summary = "Make a certificate with its key, signed by itself or by an authority made here",
                 .tag = "certificate",
                 .body = reference_to("CertificateOrder"),
                 .responses = {{201, reference_to("Certificate")}, {400, {}}}},
                generating(confd.parts()));
    associations::read_one<Certificate>(
        confd, "/certificates/{certificate_id}/file",
        {.id = "get_certificate_file",
         .summary = "The file of a certificate, in the format PEM; never its key",
         .tag = "certificate",
         .responses = {{200, {{"type", "file"}}}, {404, {}}},
         .produces = kPem},
        [](const Certificate& certificate, const Snapshot&) -> Result<http::Response> {
            return http::Response::text(200, kPem, certificate.certificate);
        });
}

}  // namespace almon::services
