// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/server.hpp"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include <sys/resource.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/system_clock.hpp"
#include "base/time_zone.hpp"
#include "bus/event_bus.hpp"
#include "bus/journal.hpp"
#include "http/certificate.hpp"
#include "http/server.hpp"
#include "media/engine.hpp"
#include "media/sound.hpp"
#include "model/schedule.hpp"
#include "model/snapshot_publisher.hpp"
#include "pbx/rehearsal.hpp"
#include "pbx/technology/trunk_states.hpp"
#include "server/control_socket.hpp"
#include "server/data_directory.hpp"
#include "server/dialplan_folder.hpp"
#include "server/event_delivery.hpp"
#include "server/greeting.hpp"
#include "server/mailboxes.hpp"
#include "server/manager_port.hpp"
#include "server/monitoring_port.hpp"
#include "server/outward_address.hpp"
#include "server/page_site.hpp"
#include "server/service_changes.hpp"
#include "server/signalling_loop.hpp"
#include "server/sip_websocket.hpp"
#include "services/amid/amid.hpp"
#include "services/audio_files.hpp"
#include "services/auth/auth_service.hpp"
#include "services/auth/authentication.hpp"
#include "services/call_logd/call_logd.hpp"
#include "services/command_line/command.hpp"
#include "services/confd/confd.hpp"
#include "services/confd/plan.hpp"
#include "services/ctid/ctid.hpp"
#include "services/ctid_ng/ctid_ng.hpp"
#include "services/ctid_ng/do_not_disturb.hpp"
#include "services/session/session_service.hpp"
#include "services/swagger/swagger_ui.hpp"
#include "sip/transport/tcp_transport.hpp"
#include "sip/transport/transports.hpp"
#include "store/call_log.hpp"
#include "store/chat_table.hpp"
#include "store/configuration_store.hpp"
#include "store/contacts.hpp"
#include "store/demo_office.hpp"
#include "store/installation.hpp"
#include "store/journal_consumer.hpp"
#include "store/switchboard_statistics.hpp"

namespace almon::server {

namespace {

/// Phones that do not confirm the end of their call keep nobody waiting longer.
constexpr std::chrono::milliseconds kFarewell{2000};
/// Neither do clients whose requests do not end.
constexpr std::chrono::milliseconds kHttpGrace{2000};

/// A browser that does not confirm the end of its WebSocket.
constexpr std::chrono::milliseconds kWebSocketGrace{500};

/// Binding the first ports takes milliseconds; a machine that needs longer serves without audio rather than
/// not.
constexpr std::chrono::milliseconds kFirstPorts{10'000};

/// A call takes four descriptors for its audio alone, and Debian allows a program 1024 unless it asks for
/// more.
void allow_many_descriptors() {
    rlimit descriptors{};
    if (::getrlimit(RLIMIT_NOFILE, &descriptors) != 0) return;
    descriptors.rlim_cur = descriptors.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &descriptors);
}

pbx::ExchangeSettings exchange_settings(const ServerSettings& settings) {
    const auto media_host = settings.media.advertised_address.empty() ? settings.media.address
                                                                      : settings.media.advertised_address;
    pbx::ExchangeSettings exchange;
    exchange.user_agent.timers = {settings.sip.session_timers.interval, settings.sip.session_timers.minimum};
    exchange.user_agent.advertised_host = settings.sip.advertised_address;
    exchange.sip.session_timers = exchange.user_agent.timers;
    exchange.sip.authenticator.realm = settings.sip.realm;
    using enum sip::DigestAlgorithm;
    // RFC 8760 2.4: the preferred algorithm first.
    if (settings.sip.digest == "both") exchange.sip.authenticator.algorithms = {Sha256, Md5};
    if (settings.sip.digest == "sha-256") exchange.sip.authenticator.algorithms = {Sha256};
    exchange.sip.registrar.minimum_expiry = settings.sip.registration.minimum_expiry;
    exchange.sip.registrar.default_expiry = settings.sip.registration.default_expiry;
    exchange.sip.registrar.maximum_expiry = settings.sip.registration.maximum_expiry;
    exchange.sip.registrar.contacts_per_endpoint =
        static_cast<std::size_t>(settings.sip.registration.contacts_per_endpoint);
    exchange.sip.registrar.qualify_interval = settings.sip.qualify.interval;
    exchange.sip.advertised_host = settings.sip.advertised_address.empty()
                                       ? outward_address(settings.sip.address).host_in_uri()
                                       : settings.sip.advertised_address;
    using enum sip::TransportKind;
    for (const auto& [kind, transport] : {std::pair(Udp, settings.sip.udp), std::pair(Tcp, settings.sip.tcp),
                                          std::pair(Tls, settings.sip.tls)}) {
        const auto address =
            NetAddress::parse(settings.sip.address, static_cast<std::uint16_t>(transport.port));
        if (transport.enabled && address) exchange.sip.listening.push_back({kind, *address});
    }
    exchange.calls.media_address = outward_address(media_host);
    exchange.calls.maximum_calls = static_cast<std::size_t>(settings.calls.maximum);
    exchange.calls.media_timeout = settings.media.timeout;
    exchange.calls.sounds_directory = settings.locale.sounds_directory;
    const auto audio = std::filesystem::path(settings.data_directory) / "audio";
    exchange.calls.uploads_directory = (audio / "sounds").string();
    exchange.calls.music_directory = (audio / "moh").string();
    exchange.calls.voicemail_directory =
        (std::filesystem::path(settings.data_directory) / "voicemail").string();
    exchange.calls.conference_directory =
        (std::filesystem::path(settings.data_directory) / "conferences").string();
    exchange.calls.default_language = settings.locale.language;
    exchange.calls.country = settings.locale.country;
    return exchange;
}

/// Rules for callers' numbers, where a file of them is configured.
Result<pbx::CallerNumberRules> load_caller_numbers(const std::string& path) {
    if (path.empty()) return pbx::CallerNumberRules{};
    std::ifstream file(path, std::ios::binary);
    if (!file) return refuse(ErrorCode::NotFound, "calls.incoming_numbers", path + " cannot be read");
    auto rules = pbx::parse_caller_number_rules(std::string{std::istreambuf_iterator<char>(file), {}});
    if (!rules)
        return refuse(rules.error().code, "calls.incoming_numbers",
                      path + ", " + rules.error().field + ": " + rules.error().reason);
    return rules;
}

Result<void> listen(sip::Transports& transports, const ServerSettings& settings) {
    const auto open = [&](sip::TransportKind kind,
                          const ServerSettings::Sip::Transport& transport) -> Result<void> {
        if (!transport.enabled) return {};
        const auto address =
            NetAddress::parse(settings.sip.address, static_cast<std::uint16_t>(transport.port));
        if (!address) return refuse(address);
        const auto opened = transports.listen(kind, *address);
        if (!opened) return refuse(opened);
        log_info("SIP over {} listens on {}", sip::via_name(kind), opened->text());
        return {};
    };
    if (auto udp = open(sip::TransportKind::Udp, settings.sip.udp); !udp) return udp;
    if (auto tcp = open(sip::TransportKind::Tcp, settings.sip.tcp); !tcp) return tcp;
    return open(sip::TransportKind::Tls, settings.sip.tls);
}

std::string host_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "almon";
}

/// Certificate and key of the programming interfaces, made at the first start unless they are configured.
Result<std::shared_ptr<const http::TlsContext>> load_certificate(const ServerSettings& settings) {
    const auto& http = settings.http;
    if (!http.certificate.empty()) return http::TlsContext::load({http.certificate, http.key});
    const std::filesystem::path data = settings.data_directory;
    SystemRandom random;
    return http::load_or_make_certificate({data / "server.crt", data / "server.key"},
                                          {host_name(), {outward_address(http.address).host()}},
                                          system_now().utc, random);
}

Result<std::unique_ptr<services::Authentication>> open_authentication(
    const ServerSettings& settings, const store::DatabaseLocation& database,
    const model::SnapshotPublisher& publisher) {
    auto random = std::make_unique<SystemRandom>();
    auto uuid = store::installation_uuid(database, *random);
    if (!uuid) return refuse(uuid);
    services::Authentication::Settings authentication;
    authentication.database = database;
    authentication.token_lifetime = settings.auth.token_lifetime;
    authentication.attempts.burst = settings.auth.wrong_passwords.at_once;
    authentication.attempts.recovery = settings.auth.wrong_passwords.recovery;
    authentication.installation_uuid = *std::move(uuid);
    return services::Authentication::open(std::move(authentication), publisher, system_now,
                                          std::move(random));
}

/// Reads the time zones that schedules name, so that no call waits for the disk.
void load_time_zones(TimeZones& zones, const model::Snapshot& snapshot) {
    const auto load = [&](const std::string& name) {
        if (const auto loaded = zones.load(name); !loaded)
            log_warning("{} {}; its schedules follow UTC", loaded.error().field, loaded.error().reason);
    };
    snapshot.for_each<model::Schedule>([&](const model::Schedule& schedule) {
        if (zones.find(schedule.timezone) == nullptr) load(schedule.timezone);
    });
}

/// A loop that has come to a halt keeps nobody who asks it longer.
constexpr std::chrono::milliseconds kPatience{5000};

/// What the running exchange says of a call, as text.
Result<std::string> why(SignallingLoop& loop, std::string_view call) {
    const auto told = std::make_shared<Result<std::string>>();
    const auto looked = loop.look(
        [told, call = std::string(call)](const pbx::Exchange& running) { *told = running.calls().why(call); },
        kPatience);
    if (!looked) return refuse(looked.error().code, "signalling", looked.error().reason);
    if (!*told) return refuse(ErrorCode::NotFound, "call", told->error().reason);
    return *told;
}

/// Our accounts at providers (ADB-019).
Result<std::vector<pbx::OutwardRegistrations::Shown>> provider_accounts(SignallingLoop& loop) {
    const auto accounts = std::make_shared<std::vector<pbx::OutwardRegistrations::Shown>>();
    const auto looked = loop.look(
        [accounts](const pbx::Exchange& running) { *accounts = running.sip().registrations().all(); },
        kPatience);
    if (!looked) return refuse(looked.error().code, "signalling", looked.error().reason);
    return *accounts;
}

/// The ways to other systems (ADB-019, ADB-021).
Result<pbx::TrunkStates> trunk_states(SignallingLoop& loop) {
    const auto states = std::make_shared<pbx::TrunkStates>();
    const auto looked = loop.look(
        [states](const pbx::Exchange& running) {
            *states = {running.sip().registrations().all(), running.sip().peers().monitored()};
        },
        kPatience);
    if (!looked) return refuse(looked.error().code, "signalling", looked.error().reason);
    return *states;
}

/// What the command line shows, as text.
Result<std::string> answer(const services::ManagerDesk& desk, const ControlQuestion& question) {
    const auto shown = services::perform(desk, question.words, services::CommandRights::Change);
    if (!shown) return refuse(shown);
    if (question.json) return boost::json::serialize(shown->json) + "\n";
    std::string text;
    for (const auto& line : shown->lines)
        text += line + "\n";
    return text;
}

/// Opens the ports where browsers connect; what they send waits until the signalling loop runs.
Result<void> serve_websockets(http::Server& server, const ServerSettings& settings,
                              sip::Transports& transports,
                              const std::shared_ptr<const http::TlsContext>& tls) {
    const auto serve = [&](sip::TransportKind kind, const std::string& host, int port,
                           std::shared_ptr<const http::TlsContext> security) -> Result<void> {
        const auto address = NetAddress::parse(host, static_cast<std::uint16_t>(port));
        if (!address) return refuse(address);
        auto& transport = transports.websockets(kind);
        const auto service = make_sip_websocket_service(transport);
        const auto opened = server.listen(*address, {{"", service}}, std::move(security));
        if (!opened) return refuse(opened);
        log_info("{} listens on {}", service->name, opened->text());
        const auto noted = transport.listen(*opened);
        if (!noted) return refuse(noted);
        return {};
    };
    const auto& sip = settings.sip;
    if (sip.ws.enabled) {
        if (auto served = serve(sip::TransportKind::Ws, sip.ws.address, sip.ws.port, nullptr); !served)
            return served;
    }
    if (!sip.wss.enabled) return {};
    return serve(sip::TransportKind::Wss, sip.address, sip.wss.port, tls);
}

/// Whether callers could hear it.
Result<void> check_playable(const std::filesystem::path& file) {
    const auto sound = media::load_audio_file(file.string(), media::Law::A);
    if (!sound) return refuse(sound);
    if (sound->codes.empty()) return refuse(ErrorCode::Unsupported, file.string(), "is silent");
    return {};
}

/// The programming interfaces, each to be mounted where it is served.
struct Interfaces {
    std::shared_ptr<const http::Service> auth;
    std::shared_ptr<const http::Service> confd;
    std::shared_ptr<const http::Service> call_logd;
    std::shared_ptr<const http::Service> ctid_ng;
    std::shared_ptr<const http::Service> ctid;  ///< For this machine alone: nobody is asked.
    std::shared_ptr<const http::Service> amid;
    std::shared_ptr<const http::Service> plain_confd;  ///< For this machine alone: nobody is asked.
    std::optional<services::SwaggerUi> swagger{};      ///< At /api of each port, where its files are there.
};

Result<std::optional<services::SwaggerUi>> load_swagger(const ServerSettings& settings) {
    auto swagger = services::SwaggerUi::load(settings.http.swagger_directory);
    if (swagger) return *std::move(swagger);
    if (swagger.error().code != ErrorCode::NotFound) return refuse(swagger);
    log_info("there is no Swagger UI: {} is not there", swagger.error().field);
    return std::nullopt;
}

Interfaces make_interfaces(services::Authentication& authentication, store::ConfigurationStore& configuration,
                           SignallingLoop& signalling, const services::AudioFiles& audio,
                           store::CallLog& call_log, const store::SwitchboardStatistics& switchboards,
                           const pbx::CallCoreSettings& calls, services::EventFeed& feed,
                           services::Presences& presences, store::ChatTable& chats,
                           const services::ManagerDesk& desk) {
    const auto confd = [&](http::BeforeFilter filter) {
        return services::make_confd_service(
            {configuration, authentication.settings().installation_uuid, [] { return system_now().utc; },
             [&signalling](std::string_view call) { return why(signalling, call); }, std::move(filter),
             [calls](const std::shared_ptr<const model::Snapshot>& snapshot, const pbx::RehearsedCall& call) {
                 return pbx::rehearse(snapshot, calls, call);
             },
             &audio, &call_log, &switchboards,
             [&signalling](std::vector<std::string> accounts) {
                 signalling.synchronize(std::move(accounts));
             },
             [&signalling] { return trunk_states(signalling); }, desk.ailments});
    };
    const auto auth_dialect = services::auth_dialect(authentication);
    const auto now = [] { return system_now().utc; };
    return {services::make_auth_service(authentication),
            confd(services::authenticated(authentication, {"confd", services::refusal_with_status, true})),
            services::make_call_logd_service(
                {call_log, [&configuration] { return configuration.current(); }, auth_dialect,
                 services::authenticated(authentication, {"call-logd", auth_dialect})}),
            services::make_ctid_ng_service(
                {feed,
                 [&signalling](std::function<void(pbx::CallCore&)> what) {
                     return signalling.order(std::move(what));
                 },
                 [&authentication] { return authentication.configuration(); }, now, presences, chats,
                 [&configuration](std::string_view user, bool on, const std::string& who) {
                     return services::set_do_not_disturb(configuration, user, on, who, system_now().utc);
                 },
                 services::authenticated(authentication, {"ctid-ng", services::ctid_ng_dialect(now)}),
                 calls.voicemail_directory, &audio}),
            services::make_ctid_service(
                {feed, presences, [&configuration] { return configuration.current(); }, auth_dialect}),
            services::make_amid_service(
                {desk, services::ctid_ng_dialect(now),
                 services::authenticated(authentication, {"amid", services::ctid_ng_dialect(now)})}),
            confd(nullptr)};
}

/// Opens the ports of the programming interfaces; from here on requests are answered.
Result<void> serve_http(http::Server& server, const ServerSettings& settings,
                        const std::shared_ptr<const http::TlsContext>& tls, const Interfaces& interfaces,
                        EventDelivery& events) {
    const auto serve = [&](std::shared_ptr<const http::Service> service, const std::string& host, int port,
                           std::shared_ptr<const http::TlsContext> security) -> Result<void> {
        const auto address = NetAddress::parse(host, static_cast<std::uint16_t>(port));
        if (!address) return refuse(address);
        const std::string name = service->name;
        std::vector<http::Mount> mounts = {{"", std::move(service)}};
        if (interfaces.swagger) interfaces.swagger->mount(mounts);
        const auto opened = server.listen(*address, std::move(mounts), security);
        if (!opened) return refuse(opened);
        log_info("{} listens on {} ({})", name, opened->text(), security ? "HTTPS" : "HTTP");
        if (security) events.announce(name, *opened);
        return {};
    };
    const auto& host = settings.http.address;
    auto served = serve(interfaces.auth, host, settings.auth.port, tls);
    if (!served) return served;
    served = serve(interfaces.confd, host, settings.confd.port, tls);
    if (!served) return served;
    served = serve(interfaces.call_logd, host, settings.call_logd.port, tls);
    if (!served) return served;
    served = serve(interfaces.ctid_ng, host, settings.ctid_ng.port, tls);
    if (!served) return served;
    served = serve(interfaces.ctid, settings.ctid.address, settings.ctid.port, nullptr);
    if (!served) return served;
    served = serve(interfaces.amid, host, settings.amid.port, tls);
    if (!served) return served;
    return serve(interfaces.plain_confd, settings.confd.plain_address, settings.confd.plain_port, nullptr);
}

/// Opens the port of the page.
Result<void> serve_page(http::Server& server, const ServerSettings& settings,
                        const std::shared_ptr<const http::TlsContext>& tls, const Interfaces& interfaces,
                        services::Authentication& authentication, sip::WebSocketTransport& transport,
                        const EventDelivery& events, const MonitoringPort& monitoring) {
    auto mounts = page_site(
        {interfaces.auth, interfaces.confd, interfaces.call_logd, interfaces.ctid_ng,
         services::make_session_service(authentication, settings.auth.session_lifetime),
         make_sip_websocket_service(transport, {"/sip"}), events.service(), monitoring.health_for_others()},
        settings.page);
    if (!mounts) return refuse(mounts);
    // Who asks for an interface that is not there is a program: the page would tell it nothing.
    if (interfaces.swagger) {
        interfaces.swagger->mount(*mounts, services::refusal_with_status);
    } else {
        auto nothing = std::make_shared<http::Service>();
        nothing->name = "nothing";
        nothing->dialect = services::refusal_with_status;
        mounts->push_back({"/api", std::move(nothing)});
    }
    const auto address =
        NetAddress::parse(settings.http.address, static_cast<std::uint16_t>(settings.page.port));
    if (!address) return refuse(address);
    const auto opened = server.listen(*address, *std::move(mounts), tls);
    if (!opened) return refuse(opened);
    log_info("the page listens on {} (HTTPS)", opened->text());
    if (const auto noted = transport.listen(*opened); !noted) return refuse(noted);
    return {};
}

}  // namespace

/// In the order of their construction; destroyed in reverse.
struct Server::Parts {
    std::optional<LogOutput> log;
    std::optional<DataDirectory> data;
    model::SnapshotPublisher publisher;
    std::unique_ptr<store::ConfigurationStore> configuration;
    std::unique_ptr<bus::Journal> journal;
    std::unique_ptr<store::JournalConsumer> journal_consumer;
    std::unique_ptr<bus::EventBus> bus;
    std::unique_ptr<DialplanFolder> dialplan;
    std::unique_ptr<SignallingLoop> signalling;
    std::unique_ptr<media::Engine> media;
    std::unique_ptr<sip::Transports> transports;
    std::unique_ptr<services::Authentication> authentication;
    std::unique_ptr<services::AudioFiles> audio;
    std::unique_ptr<store::CallLog> call_log;
    std::optional<store::SwitchboardStatistics> switchboards;
    std::unique_ptr<services::Presences> presences;
    std::optional<store::ChatTable> chats;
    std::unique_ptr<EventDelivery> events;
    std::unique_ptr<ManagerPort> manager;
    std::unique_ptr<MonitoringPort> monitoring;
    std::unique_ptr<http::Server> http;
    std::unique_ptr<http::Server>
        websockets;  ///< Of phones, so that they and programs do not crowd each other out.
    std::unique_ptr<http::Server> page;  ///< Browsers, with their phones.
    std::unique_ptr<ControlSocket> control;
};

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() {
    parts_->control.reset();
    parts_->monitoring->stop();
    parts_->http->stop(kHttpGrace);
    parts_->signalling->stop(kFarewell);
    parts_->events->stop(kWebSocketGrace);
    parts_->manager.reset();
    parts_->websockets->stop(kWebSocketGrace);
    parts_->page->stop(kWebSocketGrace);
    // Nothing comes in any more before the loop that takes it goes.
    parts_->transports.reset();
    parts_->media.reset();
    log_info("stopped");
}

Result<std::unique_ptr<Server>> Server::start(const ServerSettings& settings) {
    auto parts = std::make_unique<Parts>();
    const std::filesystem::path data = settings.data_directory;

    const auto level = parse_log_level(settings.log_level());
    if (!level) return refuse(level);
    auto log = LogOutput::open(*level, settings.log.file);
    if (!log) return refuse(log);
    parts->log = std::move(*log);
    auto data_directory = DataDirectory::open(data);
    if (!data_directory) return refuse(data_directory);
    parts->data = std::move(*data_directory);

    allow_many_descriptors();
    media::Settings media_settings;
    const auto bind = NetAddress::parse(settings.media.address, 0);
    if (!bind) return refuse(bind);
    media_settings.bind = *bind;
    media_settings.first_port = static_cast<std::uint16_t>(settings.media.ports.first);
    media_settings.last_port = static_cast<std::uint16_t>(settings.media.ports.last);
    media_settings.threads = static_cast<unsigned>(settings.media.threads);

    const auto location = store::DatabaseLocation::parse(settings.database_uri());
    if (!location) return refuse(location);
    if (auto prepared = store::prepare_database(*location); !prepared) return refuse(prepared);
    auto configuration = store::ConfigurationStore::open({*location, data / "secret.key", settings.sip.realm},
                                                         parts->publisher);
    if (!configuration) return refuse(configuration);
    parts->configuration = std::move(*configuration);

    const auto journal_folder = data / "journal";
    bus::JournalSettings journal_settings;
    journal_settings.folder = journal_folder;
    auto journal = bus::Journal::open(journal_settings);
    if (!journal) return refuse(journal);
    parts->journal = std::move(*journal);
    const auto contacts = store::load_contacts(*location, journal_folder, system_now().utc);
    if (!contacts) return refuse(contacts);

    store::DemoOffice demo_office;
    if (settings.demo) {
        SystemRandom random;
        auto made =
            store::make_demo_office(*parts->configuration, random, data / "demo.json", system_now().utc);
        if (!made) return refuse(made);
        demo_office = *std::move(made);
    }

    SystemRandom random_of_media;
    auto identity = media::DtlsIdentity::make(system_now().utc, random_of_media);
    if (!identity) return refuse(identity);
    media_settings.identity = std::move(*identity);
    auto exchange = exchange_settings(settings);
    exchange.calls.dtls_fingerprint = media_settings.identity->fingerprint();
    auto caller_numbers = load_caller_numbers(settings.calls.incoming_numbers);
    if (!caller_numbers) return refuse(caller_numbers);
    exchange.calls.caller_numbers = *std::move(caller_numbers);
    const auto time_zones = std::make_shared<TimeZones>();
    exchange.calls.time_zones = time_zones;
    load_time_zones(*time_zones, *parts->publisher.current());
    // By which scripts go that name none.
    static_cast<void>(time_zones->load({}));
    parts->dialplan = std::make_unique<DialplanFolder>(
        DialplanFolder::Places{settings.dialplan.directory, settings.dialplan.globals},
        pbx::CallCore::script_applications());
    exchange.calls.dialplan = parts->dialplan->current();
    parts->bus = std::make_unique<bus::EventBus>(*parts->journal);
    parts->signalling = std::make_unique<SignallingLoop>(
        exchange, *parts->journal, *parts->bus, parts->publisher.current(),
        [store = parts->configuration.get()](const pbx::ServiceChange& change) {
            return make_service_change(*store, change, system_now().utc);
        });
    parts->signalling->load_contacts(*contacts);
    parts->signalling->load_mailboxes(load_mailboxes(exchange.calls.voicemail_directory));
    parts->transports = std::make_unique<sip::Transports>(*parts->signalling);
    const auto certificate = load_certificate(settings);
    if (!certificate) return refuse(certificate);
    if (settings.sip.tls.enabled) {
        // Its context lives as long as the certificate that it belongs to.
        parts->transports->add(std::make_unique<sip::TcpTransport>(
            parts->transports->context(),
            std::shared_ptr<ssl_ctx_st>(*certificate, (*certificate)->native())));
    }
    if (auto listening = listen(*parts->transports, settings); !listening) return refuse(listening);
    auto media = media::Engine::start(media_settings, *parts->signalling);
    if (!media) return refuse(media);
    parts->media = std::move(*media);
    parts->journal_consumer =
        store::JournalConsumer::start({.database = *location,
                                       .journal_folder = journal_folder,
                                       .days_to_keep = std::chrono::days(settings.calls.days_to_keep)});
    auto authentication = open_authentication(settings, *location, parts->publisher);
    if (!authentication) return refuse(authentication);
    parts->authentication = std::move(*authentication);
    parts->events = std::make_unique<EventDelivery>(settings, *parts->authentication, *contacts);
    parts->authentication->tokens().start();
    parts->call_log = std::make_unique<store::CallLog>(*location);
    auto presences = services::Presences::open(*location);
    if (!presences) return refuse(presences);
    parts->presences = *std::move(presences);
    if (const auto ready = parts->chats.emplace(*location).forget_the_gone(); !ready) return refuse(ready);
    parts->audio =
        std::make_unique<services::AudioFiles>(data / "audio", settings.locale.sounds_directory,
                                               [](const auto& file) { return check_playable(file); });
    const services::ManagerDesk desk{
        parts->events->feed(),
        [&loop = *parts->signalling](std::function<void(pbx::CallCore&)> what) {
            return loop.order(std::move(what));
        },
        [&publisher = parts->publisher] { return publisher.current(); },
        [] { return system_now().utc; },
        settings.version,
        host_name(),
        system_now().utc,
        exchange.calls.maximum_calls,
        [&loop = *parts->signalling](std::string_view call) { return why(loop, call); },
        [&loop = *parts->signalling] { return provider_accounts(loop); },
        [all = parts.get()] { return all->monitoring->ailments(); },
        [&folder = *parts->dialplan] { return folder.current()->get(); },
        [&folder = *parts->dialplan] { return folder.reload(); }};
    parts->monitoring = std::make_unique<MonitoringPort>(
        MonitoringPort::Parts{*parts->signalling, *parts->media, *parts->journal, *parts->journal_consumer,
                              *parts->events, settings.version, desk.started, settings.data_directory});
    parts->manager = std::make_unique<ManagerPort>(*parts->authentication, desk);
    parts->configuration->listen(
        [time_zones, signalling = parts->signalling.get(), who = parts->authentication.get(),
         audio = parts->audio.get(), feed = &parts->events->feed(),
         manager = parts->manager.get()](const auto& snapshot, const model::Change& change) {
            load_time_zones(*time_zones, *snapshot);
            signalling->use(snapshot);
            who->follow(change, *snapshot);
            audio->follow(change);
            feed->configuration_changed(snapshot, change);
            manager->follow(change);
        });
    auto interfaces =
        make_interfaces(*parts->authentication, *parts->configuration, *parts->signalling, *parts->audio,
                        *parts->call_log, parts->switchboards.emplace(*location), exchange.calls,
                        parts->events->feed(), *parts->presences, *parts->chats, desk);
    auto swagger = load_swagger(settings);
    if (!swagger) return refuse(swagger);
    interfaces.swagger = *std::move(swagger);
    parts->http = std::make_unique<http::Server>();
    if (auto telling = parts->events->start(*certificate, *parts->bus); !telling) return refuse(telling);
    if (auto managing = parts->manager->start(settings); !managing) return refuse(managing);
    if (auto serving = serve_http(*parts->http, settings, *certificate, interfaces, *parts->events); !serving)
        return refuse(serving);
    http::ServerSettings websockets;
    websockets.io_threads = 1;
    websockets.workers = 1;
    websockets.limits.connections = sip::TransportLimits{}.connections;
    parts->websockets = std::make_unique<http::Server>(websockets);
    if (auto serving = serve_websockets(*parts->websockets, settings, *parts->transports, *certificate);
        !serving)
        return refuse(serving);
    if (auto monitored = parts->monitoring->start(settings.monitoring); !monitored) return refuse(monitored);
    parts->page = std::make_unique<http::Server>();
    if (auto serving = serve_page(*parts->page, settings, *certificate, interfaces, *parts->authentication,
                                  parts->transports->websockets(sip::TransportKind::Wss), *parts->events,
                                  *parts->monitoring);
        !serving)
        return refuse(serving);
    parts->signalling->start(*parts->transports, *parts->media);

    parts->control = std::make_unique<ControlSocket>(
        [desk](const ControlQuestion& question) { return answer(desk, question); });
    if (auto opened = parts->control->open(control_socket_path(settings)); !opened) {
        log_warning("questions of other processes cannot be answered: {} {}", opened.error().field,
                    opened.error().reason);
    }
    log_info("{} contacts of the last run are reachable; ready", contacts->size());
    if (settings.demo) {
        std::fputs(greeting(demo_office, exchange.sip.advertised_host, settings).c_str(), stdout);
        std::fflush(stdout);
    }
    // What phones have sent meanwhile waits in the sockets, which are open already.
    if (!parts->signalling->wait_until_ready(kFirstPorts))
        log_warning("the first RTP ports are still not bound");
    parts->transports->start();
    parts->signalling->read(parts->transports->datagrams());
    return std::unique_ptr<Server>(new Server(std::move(parts)));
}

std::string control_socket_path(const ServerSettings& settings) {
    return (std::filesystem::path(settings.data_directory) / "almon.sock").string();
}

}  // namespace almon::server
