// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/system_settings.hpp"

#include <bit>
#include <cstdint>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "base/net_address.hpp"
#include "model/common_fields.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

tl::unexpected<Error> wrong(const char* field, std::string reason) {
    return refuse(ErrorCode::InvalidArgument, field, std::move(reason));
}

bool is_address(std::string_view text) {
    return NetAddress::parse(text, 0).has_value();
}
/// Four numbers with dots.
std::optional<std::uint32_t> ipv4(std::string_view text) {
    std::uint32_t address = 0;
    int parts = 0;
    while (true) {
        const auto part = text.substr(0, text.find('.'));
        if (part.empty() || part.size() > 3 || !is_digits_and(part) || std::stoi(std::string(part)) > 255)
            return std::nullopt;
        address = address << 8U | static_cast<std::uint32_t>(std::stoi(std::string(part)));
        if (++parts == 4) break;
        if (part.size() == text.size()) return std::nullopt;
        text.remove_prefix(part.size() + 1);
    }
    if (text.find('.') != std::string_view::npos) return std::nullopt;
    return address;
}
bool is_netmask(std::string_view text) {
    const auto mask = ipv4(text);
    return mask && std::countl_one(*mask) + std::countr_zero(*mask) >= 32;
}
bool is_host(std::string_view text) {
    return !text.empty() && text.size() <= 255 && is_word_and(text, "-.") && !text.starts_with('-') &&
           !text.starts_with('.') && text.find("..") == std::string_view::npos;
}

Result<void> check_host(const json::value& value) {
    const std::string_view text = value.get_string();
    if (text.empty() || is_host(text)) return {};
    return refuse(ErrorCode::InvalidArgument, "", "must be a name of a host");
}
/// "smtp.example.org", "192.0.2.1:587", "[smtp.example.org]:25"
Result<void> check_relay(const json::value& value) {
    if (is_word_and(value.get_string(), "-.:[]")) return {};
    return refuse(ErrorCode::InvalidArgument, "",
                  "must be a host, with a port behind a colon where it is not 25");
}

Result<void> mail_fits(const MailSettings& mail, const MailSettings*, const Snapshot&) {
    if (!mail.fallback_relay.empty() && mail.relay.empty())
        return wrong("fallback_relay", "needs a relay that it stands in for");
    std::vector<std::string> patterns;
    for (const auto& [pattern, replacement] : mail.rewriting) {
        if (pattern.empty() || replacement.empty() ||
            (pattern + replacement).find_first_of(" \n") != std::string::npos)
            return wrong("rewriting", "must be pairs of an address and what it becomes");
        patterns.push_back(pattern);
    }
    return checks::once("rewriting", std::move(patterns));
}

Result<void> network_fits(const NetworkSettings& network, const NetworkSettings*, const Snapshot&) {
    constexpr std::size_t kMostServers = 3;  // as a resolver takes them
    if (network.nameservers.size() > kMostServers) return wrong("nameservers", "must be three at most");
    for (const auto& server : network.nameservers) {
        if (!is_address(server))
            return wrong("nameservers", fmt::format("have '{}', which is no IP address", server));
    }
    for (const auto& domain : network.search_domains) {
        if (!is_host(domain))
            return wrong("search_domains", fmt::format("have '{}', which is no domain", domain));
    }
    return checks::once("nameservers", network.nameservers);
}

void complete(NetworkInterface& interface, const NetworkInterface*, const Snapshot&, Random&) {
    if (interface.vlan_id > 0 && !interface.vlan_interface.empty())
        interface.name = fmt::format("{}.{}", interface.vlan_interface, interface.vlan_id);
}

Result<void> address_fits(const NetworkInterface& interface) {
    if (interface.method == "dhcp") {
        if (!interface.address.empty() || !interface.netmask.empty() || !interface.gateway.empty())
            return wrong("address",
                         "comes from elsewhere with the method 'dhcp', and netmask and gateway with it");
        return {};
    }
    const auto address = ipv4(interface.address);
    if (!address) return wrong("address", "must be an IPv4 address");
    if (!is_netmask(interface.netmask)) return wrong("netmask", "must be like 255.255.255.0");
    if (interface.gateway.empty()) return {};
    const auto gateway = ipv4(interface.gateway);
    const auto mask = *ipv4(interface.netmask);
    if (!gateway || (*gateway & mask) != (*address & mask) || gateway == address)
        return wrong("gateway", "must be another address of the interface's network");
    return {};
}

Result<void> interface_fits(const NetworkInterface& interface, const NetworkInterface*,
                            const Snapshot& snapshot) {
    if (interface.name.empty()) return wrong("name", "is missing");
    if ((interface.vlan_id > 0) == interface.vlan_interface.empty())
        return wrong("vlan_id", "and vlan_interface must be given together");
    if (interface.vlan_id > 0 && snapshot.id_by<NetworkInterface>("name", interface.vlan_interface) == 0)
        return wrong("vlan_interface", fmt::format("'{}' does not exist", interface.vlan_interface));
    if (auto fits = address_fits(interface); !fits) return fits;
    Result<void> sound;
    snapshot.for_each<NetworkInterface>([&](const NetworkInterface& other) {
        if (other.id == interface.id || !sound) return;
        if (interface.type == "voip" && other.type == "voip")
            sound = refuse(ErrorCode::Conflict, "type", fmt::format("'voip' is that of {}", other.name));
        else if (!interface.gateway.empty() && !other.gateway.empty())
            sound =
                refuse(ErrorCode::Conflict, "gateway", fmt::format("is {}'s business already", other.name));
    });
    return sound;
}

Result<void> may_go(const NetworkInterface& interface, const Snapshot& snapshot) {
    Result<void> free;
    snapshot.for_each<NetworkInterface>([&](const NetworkInterface& other) {
        if (other.vlan_interface == interface.name)
            free = refuse(ErrorCode::Conflict, "network_interface", fmt::format("{} lies on it", other.name));
    });
    return free;
}

Result<void> zones_fit(const VoicemailZones& zones, const VoicemailZones*, const Snapshot&) {
    std::vector<std::string> names;
    for (const auto& zone : zones.items) {
        if (zone.name.empty() || !is_word_and(zone.name, "-_"))
            return wrong("items", "must have names of letters, digits, - and _");
        if (zone.timezone.empty() || !checks::timezone(json::value(zone.timezone)))
            return wrong("items", fmt::format("have '{}' without a time zone like Europe/Paris", zone.name));
        if (zone.message.find('\n') != std::string::npos)
            return wrong("items", "must have messages of one line");
        names.push_back(zone.name);
    }
    return checks::once("items", std::move(names));
}

Result<void> limits_fit(const IaxCallLimits& limits, const IaxCallLimits*, const Snapshot&) {
    std::vector<std::pair<std::string, std::string>> networks;
    for (const auto& [address, netmask, limit] : limits.items) {
        if (!ipv4(address)) return wrong("items", "must have an ip_address that is an IPv4 address");
        if (!is_netmask(netmask)) return wrong("items", "must have a netmask like 255.255.255.0");
        if (limit.empty() || limit.size() > 5 || !is_digits_and(limit))
            return wrong("items", "must have a limit that is a number up to 99999");
        networks.emplace_back(address, netmask);
    }
    return checks::once("items", std::move(networks));
}

/// What is there once.
template <class Resource>
Declaration only_one(std::string kind, std::string title, std::string table) {
    Declaration made;
    made.kind = std::move(kind);
    made.title = std::move(title);
    made.table = std::move(table);
    made.is_fixed_set = true;
    Resource first;
    first.id.value = 1;
    made.initial = {std::make_shared<const Resource>(std::move(first))};
    made.fields = {field("id", &Resource::id).key().hidden()};
    return made;
}

}  // namespace

template <>
Declaration declare<MailSettings>() {
    auto made = only_one<MailSettings>("mail_settings", "MailSettings", "mail_settings");
    made.fields.insert(
        made.fields.end(),
        {
            field("domain", &MailSettings::domain)
                .length(0, 255)
                .checked_by(check_host)
                .says("Domain that the server shows in Received fields"),
            field("sender_domain", &MailSettings::sender_domain)
                .length(0, 255)
                .checked_by(check_host)
                .says("Domain of Return-Path and From"),
            field("relay", &MailSettings::relay)
                .length(0, 255)
                .checked_by(check_relay)
                .says("Server that takes all mails, like smtp.example.org:587; null: those of the receivers"),
            field("fallback_relay", &MailSettings::fallback_relay)
                .length(0, 255)
                .checked_by(check_relay)
                .says("Server that takes them while the relay cannot be reached"),
            field("rewriting", &MailSettings::rewriting)
                .says("Addresses, and what they become: [[\"root\", \"phones@example.org\"], ...]"),
        });
    made.fits = declaring::fits<MailSettings, mail_fits>;
    return made;
}

template <>
Declaration declare<NetworkSettings>() {
    auto made = only_one<NetworkSettings>("network_settings", "NetworkSettings", "network_settings");
    made.fields.insert(
        made.fields.end(),
        {
            field("hostname", &NetworkSettings::hostname)
                .length(0, 63)
                .checked_by(check_host)
                .says("Name of the machine"),
            field("domain", &NetworkSettings::domain)
                .length(0, 255)
                .checked_by(check_host)
                .says("Its domain"),
            field("nameservers", &NetworkSettings::nameservers).says("IP addresses, three at most"),
            field("search_domains", &NetworkSettings::search_domains)
                .says("Domains in which names without one are looked for"),
        });
    made.fits = declaring::fits<NetworkSettings, network_fits>;
    return made;
}

template <>
Declaration declare<NetworkInterface>() {
    Declaration made;
    made.kind = "network_interface";
    made.title = "NetworkInterface";
    made.table = "network_interfaces";
    made.collection = "/network_interfaces";
    made.id_name = "network_interface_id";
    made.fields = {
        field("id", &NetworkInterface::id).key().sortable().says("Number of the interface"),
        field("name", &NetworkInterface::name)
            .unique()
            .length(0, 15)
            .checked_by(checks::word)
            .searched()
            .sortable()
            .says("As the system has it, like eth0; of a VLAN it is made"),
        field("type", &NetworkInterface::type)
            .one_of({"data", "voip"})
            .sortable()
            .says("voip: what phones use, one at most"),
        field("method", &NetworkInterface::method)
            .one_of({"dhcp", "static"})
            .sortable()
            .says("Where its address comes from"),
        field("address", &NetworkInterface::address)
            .length(0, 15)
            .searched()
            .sortable()
            .says("IPv4 address, of the method static"),
        field("netmask", &NetworkInterface::netmask).length(0, 15).says("Like 255.255.255.0"),
        field("gateway", &NetworkInterface::gateway)
            .length(0, 15)
            .says("Default gateway; one interface has it"),
        field("vlan_interface", &NetworkInterface::vlan_interface)
            .length(0, 15)
            .says("Name of the interface that a VLAN lies on"),
        field("vlan_id", &NetworkInterface::vlan_id).range(0, 4094).says("Number of the VLAN; 0: it is none"),
        field("enabled", &NetworkInterface::enabled).sortable().says("Whether it is used"),
        common_fields::description(&NetworkInterface::description),
    };
    made.complete = declaring::completes<NetworkInterface, complete>;
    made.fits = declaring::fits<NetworkInterface, interface_fits>;
    made.may_go = declaring::may_go<NetworkInterface, may_go>;
    return made;
}

template <>
Declaration declare<VoicemailZones>() {
    auto made = only_one<VoicemailZones>("voicemail_zones", "VoicemailZoneMessages", "voicemail_zones");
    made.fields.push_back(field("items", &VoicemailZones::items)
                              .says("Time zones that voicemails can have, and how they tell the time"));
    made.fits = declaring::fits<VoicemailZones, zones_fit>;
    return made;
}

template <>
Declaration declare<IaxCallLimits>() {
    auto made = only_one<IaxCallLimits>("iax_call_limits", "IAXCallNumberLimits", "iax_call_limits");
    made.fields.push_back(
        field("items", &IaxCallLimits::items).says("How many calls there may be with which networks"));
    made.fits = declaring::fits<IaxCallLimits, limits_fit>;
    return made;
}

}  // namespace almon::model
