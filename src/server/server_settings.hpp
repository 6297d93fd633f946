// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/result.hpp"

namespace almon::server {

/// Everything that can be configured, with its default. What each setting means, and which values it may
/// take, is declared in settings_keys(); share/config.yml is made from there.
struct ServerSettings {
    std::string data_directory = "/var/lib/almon";
    struct Database {
        std::string uri;
    } database;
    struct Log {
        std::string level = "info";
        std::string file;
    } log;
    bool debug = false;

    struct Sip {
        std::string address = "0.0.0.0";
        std::string advertised_address;
        struct Transport {
            bool enabled = true;
            int port = 5060;
        } udp, tcp, tls{true, 5061}, wss{true, 8089};
        struct WebSocket {
            bool enabled = true;
            std::string address = "127.0.0.1";
            int port = 8088;
        } ws;
        std::string realm = "almon";
        std::string digest = "md5";
        struct SessionTimers {
            std::chrono::seconds interval{1800};
            std::chrono::seconds minimum{90};
        } session_timers;
        struct Registration {
            std::chrono::seconds minimum_expiry{60};
            std::chrono::seconds default_expiry{3600};
            std::chrono::seconds maximum_expiry{3600};
            int contacts_per_endpoint = 10;
        } registration;
        struct Qualify {
            std::chrono::seconds interval{60};
        } qualify;
    } sip;

    struct Media {
        std::string address = "0.0.0.0";
        std::string advertised_address;
        struct Ports {
            int first = 10000;
            int last = 20000;
        } ports;
        int threads = 1;
        std::chrono::seconds timeout{60};
    } media;

    struct Http {
        std::string address = "0.0.0.0";
        std::string certificate;
        std::string key;
        std::string swagger_directory = "/usr/share/almon/swagger";
    } http;
    struct Auth {
        int port = 9497;
        std::chrono::seconds token_lifetime{7200};
        std::chrono::seconds session_lifetime{2'592'000};
        struct WrongPasswords {
            int at_once = 20;
            std::chrono::seconds recovery{6};
        } wrong_passwords;
    } auth;
    struct Confd {
        int port = 9486;
        std::string plain_address = "127.0.0.1";
        int plain_port = 9487;
    } confd;

    struct CallLogd {
        int port = 9298;
    } call_logd;

    struct CtidNg {
        int port = 9500;
    } ctid_ng;
    struct Ctid {
        std::string address = "127.0.0.1";
        int port = 9495;
    } ctid;

    struct Amid {
        int port = 9491;
    } amid;
    struct Ami {
        bool enabled = true;
        std::string address = "127.0.0.1";
        int port = 5038;
    } ami;

    struct Monitoring {
        bool enabled = true;
        std::string address = "127.0.0.1";
        int port = 9499;
    } monitoring;

    struct Page {
        int port = 8443;
        std::string directory = "/usr/share/almon/web";
    } page;
    struct Websocketd {
        int port = 9502;
    } websocketd;
    struct Amqp {
        bool enabled = false;
        std::string host = "127.0.0.1";
        int port = 5672;
        std::string username = "guest";
        std::string password = "guest";
        std::string virtual_host = "/";
        std::string exchange = "xivo";
        int backlog = 10000;
    } amqp;

    struct Calls {
        int maximum = 10000;
        std::string incoming_numbers;
        int days_to_keep = 365;
    } calls;
    struct Dialplan {
        std::string directory = "/etc/almon/extensions_extra.d";
        std::string globals = "/etc/almon/xivo_globals.conf";
    } dialplan;
    struct Locale {
        std::string country = "US";
        std::string language = "en_US";
        std::string sounds_directory = "/usr/share/almon/sounds";
    } locale;

    bool demo = false;      ///< Not configured: `almon serve --demo`.
    std::string version{};  ///< Nor this: of the program.

    /// database.uri, or SQLite in the data directory where that is empty.
    [[nodiscard]] std::string database_uri() const;
    /// log.level, or "debug" where `debug` is set (ledger CTR-012).
    [[nodiscard]] const std::string& log_level() const noexcept;
};

/// The declarations, bound to the members of `settings`.
[[nodiscard]] std::vector<ConfigKey> settings_keys(ServerSettings& settings);

/// Reads config.yml, conf.d beside it and the overrides ("key=value") of the command line. `data_directory`
/// wins over what they say, unless it is empty. Refused with file, line, key and reason.
[[nodiscard]] Result<ServerSettings> load_settings(const std::filesystem::path& config,
                                                   const std::string& data_directory,
                                                   const std::vector<std::string>& overrides);

/// The refusal as one sentence for the terminal: "sip.udp.port must be a number from 1 to 65535 ...".
[[nodiscard]] std::string sentence_of(const Error& error);

}  // namespace almon::server
