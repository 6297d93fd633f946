// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What there is once in a system, each as number 1, and its network interfaces.

#include <string>
#include <utility>
#include <vector>

#include "base/id.hpp"
#include "model/declaration.hpp"
#include "model/record.hpp"

namespace almon::model {

struct MailSettings;
struct NetworkSettings;
struct NetworkInterface;
struct VoicemailZones;
struct IaxCallLimits;
using MailSettingsId = Id<MailSettings>;
using NetworkSettingsId = Id<NetworkSettings>;
using NetworkInterfaceId = Id<NetworkInterface>;
using VoicemailZonesId = Id<VoicemailZones>;
using IaxCallLimitsId = Id<IaxCallLimits>;

/// How mails of the system leave it (SYS-012 to SYS-014).
struct MailSettings {
    MailSettingsId id;
    std::string domain;         ///< Shown in Received fields.
    std::string sender_domain;  ///< Of Return-Path and From.
    std::string relay;  ///< "smtp.example.org:25"; empty: mails go to their receivers' servers themselves.
    std::string fallback_relay;                                  ///< Where the relay cannot be reached.
    std::vector<std::pair<std::string, std::string>> rewriting;  ///< Addresses, and what they become.
};
template <>
Declaration declare<MailSettings>();

/// Name and name servers of the machine.
struct NetworkSettings {
    NetworkSettingsId id;
    std::string hostname;
    std::string domain;
    std::vector<std::string> nameservers;
    std::vector<std::string> search_domains;
};
template <>
Declaration declare<NetworkSettings>();

/// A network interface (SYS-016 to SYS-020), also one that lies on another as VLAN.
struct NetworkInterface {
    NetworkInterfaceId id;
    std::string name;           ///< "eth0"; of a VLAN made of the one below and its number, "eth0.101".
    std::string type = "data";  ///< "voip": what phones use; there is one at most.
    std::string method = "dhcp";
    std::string address;  ///< Of the method static, as the next two.
    std::string netmask;
    std::string gateway;
    std::string vlan_interface;  ///< Name of the interface that it lies on.
    int vlan_id = 0;             ///< 0: it is no VLAN.
    bool enabled = true;
    std::string description;
};
template <>
Declaration declare<NetworkInterface>();

/// What a time zone of voicemails is, and how it tells the time.
struct VoicemailZone {
    std::string name;      ///< "eu-fr"
    std::string timezone;  ///< "Europe/Paris"
    std::string message;   ///< "'vm-received' Q 'digits/at' R"
};
BOOST_DESCRIBE_STRUCT(VoicemailZone, (), (name, timezone, message))
struct VoicemailZones {
    VoicemailZonesId id;
    std::vector<VoicemailZone> items;
};
template <>
Declaration declare<VoicemailZones>();

/// How many calls of IAX there may be with a network.
struct IaxCallLimit {
    std::string ip_address;
    std::string netmask;
    std::string limit;  ///< A number, written as text as the interface has it.
};
BOOST_DESCRIBE_STRUCT(IaxCallLimit, (), (ip_address, netmask, limit))
struct IaxCallLimits {
    IaxCallLimitsId id;
    std::vector<IaxCallLimit> items;
};
template <>
Declaration declare<IaxCallLimits>();

template <>
struct FieldCodec<VoicemailZone> : RecordCodec<VoicemailZone> {};
template <>
struct FieldCodec<IaxCallLimit> : RecordCodec<IaxCallLimit> {};

}  // namespace almon::model
