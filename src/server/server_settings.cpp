// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/server_settings.hpp"

namespace almon::server {

std::string ServerSettings::database_uri() const {
    if (!database.uri.empty()) return database.uri;
    return "sqlite://" + (std::filesystem::path(data_directory) / "almon.db").string();
}

const std::string& ServerSettings::log_level() const noexcept {
    static const std::string kDebug = "debug";
    return debug && log.level != "trace" ? kDebug : log.level;
}

std::vector<ConfigKey> settings_keys(ServerSettings& s) {
    using enum Emptiness;
    return {
        text_key("data_directory", s.data_directory, Refused,
                 "Folder of everything that Almon keeps: the database, the journal, the key of the sealed "
                 "secrets."),
        text_key("database.uri", s.database.uri, Allowed,
                 "Where the configuration and the call history are kept: sqlite:///path or "
                 "postgresql://user:password@host/name. Empty: SQLite in the file almon.db of the data "
                 "directory."),
        choice_key("log.level", s.log.level, {"trace", "debug", "info", "warning", "error", "critical"},
                   "How much is logged."),
        text_key(
            "log.file", s.log.file, Allowed,
            "File that the log is appended to. Empty: standard error, which systemd keeps in its journal."),
        boolean_key("debug", s.debug, "Logs at debug level whatever log.level says."),

        address_key("sip.address", s.sip.address, Refused,
                    "Address that SIP listens on; 0.0.0.0 for all of IPv4, \"::\" for IPv6 and IPv4."),
        address_key("sip.advertised_address", s.sip.advertised_address, Allowed,
                    "Address that phones are told to answer to, for a server behind a router that translates "
                    "addresses. "
                    "Empty: the address they reach us at."),
        boolean_key("sip.udp.enabled", s.sip.udp.enabled, "Whether SIP is served over UDP."),
        number_key("sip.udp.port", s.sip.udp.port, 0, 65535, "Port for SIP over UDP; 0 for any free one."),
        boolean_key("sip.tcp.enabled", s.sip.tcp.enabled, "Whether SIP is served over TCP."),
        number_key("sip.tcp.port", s.sip.tcp.port, 0, 65535, "Port for SIP over TCP; 0 for any free one."),
        boolean_key("sip.tls.enabled", s.sip.tls.enabled,
                    "Whether SIP is served over TLS, with the certificate of http.certificate."),
        number_key("sip.tls.port", s.sip.tls.port, 0, 65535, "Port for SIP over TLS; 0 for any free one."),
        boolean_key(
            "sip.ws.enabled", s.sip.ws.enabled,
            "Whether SIP is served over WebSocket without encryption, for a web server of this machine "
            "that passes it on."),
        address_key("sip.ws.address", s.sip.ws.address, Refused, "Address that it listens on."),
        number_key("sip.ws.port", s.sip.ws.port, 0, 65535, "Port for it; 0 for any free one."),
        boolean_key(
            "sip.wss.enabled", s.sip.wss.enabled,
            "Whether SIP is served over WebSocket with TLS, to phones in browsers; with the certificate "
            "of http.certificate."),
        number_key("sip.wss.port", s.sip.wss.port, 0, 65535,
                   "Port for SIP over WebSocket with TLS; 0 for any free one."),
        text_key("sip.realm", s.sip.realm, Refused,
                 "Realm of digest authentication, which phones show when they ask for a password."),
        choice_key("sip.digest", s.sip.digest, {"md5", "both", "sha-256"},
                   "Which algorithms phones are asked to prove their password with. Many phones give up when "
                   "they are offered SHA-256, or two algorithms."),
        seconds_key("sip.session_timers.interval", s.sip.session_timers.interval, 90, 86400,
                    "How long a call may go without a sign of life in SIP before it is ended (RFC 4028)."),
        seconds_key("sip.session_timers.minimum", s.sip.session_timers.minimum, 90, 86400,
                    "The shortest such interval that a phone may ask for."),
        seconds_key("sip.registration.minimum_expiry", s.sip.registration.minimum_expiry, 1, 86400,
                    "The shortest registration that is accepted; shorter ones are answered with 423."),
        seconds_key("sip.registration.default_expiry", s.sip.registration.default_expiry, 1, 86400,
                    "How long a registration lasts where the phone does not say."),
        seconds_key("sip.registration.maximum_expiry", s.sip.registration.maximum_expiry, 1, 86400,
                    "Longer ones are shortened to this."),
        number_key("sip.registration.contacts_per_endpoint", s.sip.registration.contacts_per_endpoint, 1, 100,
                   "How many phones may be registered with one SIP account at a time."),
        seconds_key(
            "sip.qualify.interval", s.sip.qualify.interval, 0, 86400,
            "How often each registered phone is asked whether it is still there (OPTIONS); 0: never."),

        address_key("media.address", s.media.address, Refused,
                    "Address that voice and video (RTP) are received on; 0.0.0.0 for all of IPv4."),
        address_key(
            "media.advertised_address", s.media.advertised_address, Allowed,
            "Address that phones are told to send RTP to. Empty: sip.advertised_address, or the address that "
            "they reach us at."),
        number_key("media.ports.first", s.media.ports.first, 1024, 65534, "First UDP port for RTP."),
        number_key("media.ports.last", s.media.ports.last, 1024, 65535,
                   "Last UDP port for RTP. A call takes two pairs of ports, one for each party."),
        number_key("media.threads", s.media.threads, 1, 64, "Threads that carry RTP."),
        seconds_key("media.timeout", s.media.timeout, 0, 86400,
                    "A call is ended when a party has sent no RTP for so long; 0: never."),

        address_key("http.address", s.http.address, Refused,
                    "Address that the programming interfaces listen on; 0.0.0.0 for all of IPv4, \"::\" for "
                    "all of IPv6."),
        text_key("http.certificate", s.http.certificate, Allowed,
                 "File of their certificate (PEM), with those of its issuers behind it. Empty: server.crt in "
                 "the data directory, which is made at the first start and which browsers warn of."),
        text_key("http.key", s.http.key, Allowed,
                 "File of the certificate's private key (PEM). Empty: server.key in the data directory."),
        text_key(
            "http.swagger_directory", s.http.swagger_directory, Refused,
            "Folder of Swagger UI, the page at /api that shows what the interfaces can do. Where it does not "
            "exist, the page is not served."),
        number_key("auth.port", s.auth.port, 0, 65535,
                   "Port of xivo-auth, where people and programs sign in; 0 for any free one."),
        seconds_key("auth.token_lifetime", s.auth.token_lifetime, 1, 315'576'000,
                    "How long who signs in may go on, where he does not ask for another time."),
        seconds_key("auth.session_lifetime", s.auth.session_lifetime, 60, 315'576'000,
                    "How long who has signed in on the page is not asked for his password again."),
        number_key("auth.wrong_passwords.at_once", s.auth.wrong_passwords.at_once, 1, 1'000'000,
                   "So many wrong passwords and tokens are taken from one address before it has to wait."),
        seconds_key("auth.wrong_passwords.recovery", s.auth.wrong_passwords.recovery, 1, 86400,
                    "After so long it may try one more."),
        number_key("confd.port", s.confd.port, 0, 65535,
                   "Port of xivo-confd, the configuration; 0 for any free one."),
        address_key("confd.plain_address", s.confd.plain_address, Refused,
                    "Address of the same without encryption and without asking who it is: for programs of "
                    "this machine alone."),
        number_key("confd.plain_port", s.confd.plain_port, 0, 65535, "Port of the same; 0 for any free one."),
        number_key("call_logd.port", s.call_logd.port, 0, 65535,
                   "HTTPS port of the log of calls (xivo-call-logd); 0 for any free one."),
        number_key("ctid_ng.port", s.ctid_ng.port, 0, 65535,
                   "Port of xivo-ctid-ng, calls and transfers by programs; 0 for any free one."),
        address_key("ctid.address", s.ctid.address, Refused,
                    "Address of xivo-ctid, presences without encryption and without asking who it is: for "
                    "programs of this machine alone."),
        number_key("ctid.port", s.ctid.port, 0, 65535, "Port of the same; 0 for any free one."),
        number_key("amid.port", s.amid.port, 0, 65535,
                   "Port of xivo-amid, the manager's actions over REST; 0 for any free one."),
        boolean_key("ami.enabled", s.ami.enabled,
                    "Whether the manager is served, for programs written for Asterisk's (AMI)."),
        address_key(
            "ami.address", s.ami.address, Refused,
            "Address that it listens on. Nothing there is encrypted: leave it to this machine alone."),
        number_key("ami.port", s.ami.port, 0, 65535, "Port of the manager; 0 for any free one."),
        boolean_key("monitoring.enabled", s.monitoring.enabled,
                    "Whether /metrics, figures for Prometheus, and /health are served."),
        address_key("monitoring.address", s.monitoring.address, Refused,
                    "Address that they are served on. Nobody is asked who he is and nothing is encrypted: "
                    "leave it to this machine alone, or to a network of machines that watch others."),
        number_key("monitoring.port", s.monitoring.port, 0, 65535, "Port of both; 0 for any free one."),
        number_key("page.port", s.page.port, 0, 65535,
                   "Port of the page for browsers, where all that it needs is found as well: the programming "
                   "interfaces below /api, SIP at /ws/sip, /health for load balancers; 0 for any free one."),
        text_key("page.directory", s.page.directory, Refused, "Folder of the page's files."),

        number_key("websocketd.port", s.websocketd.port, 0, 65535,
                   "Port of xivo-websocketd, events over WebSocket; 0 for any free one."),
        boolean_key("amqp.enabled", s.amqp.enabled,
                    "Whether events are published to an AMQP 0-9-1 message broker such as RabbitMQ."),
        text_key("amqp.host", s.amqp.host, Refused, "Name or address of the broker."),
        number_key("amqp.port", s.amqp.port, 1, 65535, "Its port."),
        text_key("amqp.username", s.amqp.username, Refused, "Whom Almon signs in as there."),
        text_key("amqp.password", s.amqp.password, Allowed, "The password of that account."),
        text_key("amqp.virtual_host", s.amqp.virtual_host, Refused, "Virtual host of the broker."),
        text_key("amqp.exchange", s.amqp.exchange, Refused,
                 "Exchange that events are published to; made where it is not there (topic, durable)."),
        number_key("amqp.backlog", s.amqp.backlog, 1, 1'000'000,
                   "So many events wait while the broker is away or slow; beyond, the oldest are lost."),

        number_key("calls.maximum", s.calls.maximum, 1, 1'000'000,
                   "Calls at a time; further ones are refused."),
        text_key("calls.incoming_numbers", s.calls.incoming_numbers, Allowed,
                 "File of rules for callers' numbers from outside, as xivo_in_callerid.conf: sections with "
                 "callerid, strip and add. Empty: numbers are shown as they come."),
        number_key("calls.days_to_keep", s.calls.days_to_keep, 0, 36500,
                   "Each night the log of calls and their events forget what is older; 0 forgets all. "
                   "Mind what the law of your country says."),
        text_key(
            "dialplan.directory", s.dialplan.directory, Allowed,
            "Folder of the dialplan that you write yourself: *.conf in the extensions.conf language. What "
            "is saved there is in force at once. Empty: there is none."),
        text_key(
            "dialplan.globals", s.dialplan.globals, Allowed,
            "File of its global variables, NAME = value, such as XIVO_PRESUBR_GLOBAL_ENABLE. Empty: there "
            "is none."),
        choice_key("locale.country", s.locale.country, {"EU", "FR", "US"},
                   "Whose ringback, busy and other tones callers hear; EU for those of ETSI TR 101 041."),
        text_key("locale.language", s.locale.language, Refused,
                 "Language of the announcements for users who have none of their own."),
        text_key("locale.sounds_directory", s.locale.sounds_directory, Refused,
                 "Folder of the announcements, with a folder in it for each language."),
    };
}

namespace {

/// What no single value shows.
Result<void> check_together(const ServerSettings& s) {
    if (s.media.ports.last < s.media.ports.first + 3)
        return refuse(ErrorCode::InvalidArgument, "media.ports.last",
                      "must leave room for two pairs of ports above media.ports.first");
    if (!s.sip.udp.enabled && !s.sip.tcp.enabled)
        return refuse(ErrorCode::InvalidArgument, "sip.udp.enabled", "or sip.tcp.enabled must be true");
    if (s.sip.session_timers.interval < s.sip.session_timers.minimum)
        return refuse(ErrorCode::InvalidArgument, "sip.session_timers.interval",
                      "must not be shorter than sip.session_timers.minimum");
    if (s.http.certificate.empty() != s.http.key.empty())
        return refuse(ErrorCode::InvalidArgument, "http.certificate",
                      "and http.key must be given together, or neither");
    const auto& registration = s.sip.registration;
    if (registration.default_expiry < registration.minimum_expiry ||
        registration.maximum_expiry < registration.default_expiry)
        return refuse(ErrorCode::InvalidArgument, "sip.registration.default_expiry",
                      "must lie between minimum_expiry and maximum_expiry");
    return {};
}

}  // namespace

Result<ServerSettings> load_settings(const std::filesystem::path& config, const std::string& data_directory,
                                     const std::vector<std::string>& overrides) {
    ServerSettings settings;
    const auto keys = settings_keys(settings);
    const auto read = read_config({config, config.parent_path() / "conf.d", overrides}, keys);
    if (!read) return refuse(read);
    if (!data_directory.empty()) settings.data_directory = data_directory;
    if (const auto sound = check_together(settings); !sound) return refuse(sound);
    return settings;
}

std::string sentence_of(const Error& error) {
    if (error.field.empty()) return error.reason;
    return error.field + ": " + error.reason;
}

}  // namespace almon::server
