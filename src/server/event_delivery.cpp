// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/event_delivery.hpp"

#include <utility>

#include "base/log.hpp"
#include "base/random.hpp"
#include "base/uuid.hpp"
#include "server/outward_address.hpp"
#include "services/events/event_catalogue.hpp"
#include "services/websocketd/websocketd.hpp"

namespace almon::server {

namespace {

namespace json = boost::json;

/// Programs stay connected for days, and a whole office may come from one address.
constexpr std::size_t kMostClients = 20'000;

std::unique_ptr<bus::AmqpPublisher> make_amqp(const ServerSettings::Amqp& settings) {
    if (!settings.enabled) return nullptr;
    bus::AmqpSettings amqp;
    amqp.host = settings.host;
    amqp.port = static_cast<std::uint16_t>(settings.port);
    amqp.username = settings.username;
    amqp.password = settings.password;
    amqp.virtual_host = settings.virtual_host;
    amqp.exchange = settings.exchange;
    amqp.backlog = static_cast<std::size_t>(settings.backlog);
    return std::make_unique<bus::AmqpPublisher>(std::move(amqp));
}

http::ServerSettings server_settings() {
    http::ServerSettings settings;
    settings.io_threads = 1;
    settings.workers = 1;
    settings.limits.connections = kMostClients;
    settings.limits.connections_per_address = kMostClients / 2;
    return settings;
}

}  // namespace

EventDelivery::EventDelivery(const ServerSettings& settings, services::Authentication& authentication,
                             const std::vector<bus::StoredContact>& contacts)
    : host_(settings.http.address),
      port_(static_cast<std::uint16_t>(settings.websocketd.port)),
      authentication_(authentication),
      clients_(std::make_shared<services::EventClients>()),
      service_(services::make_websocketd_service(authentication_, *clients_)),
      amqp_(make_amqp(settings.amqp)),
      server_(std::make_unique<http::Server>(server_settings())),
      feed_({authentication.settings().installation_uuid}, authentication.configuration()) {
    feed_.know_contacts(contacts);
    feed_.listen([this](const services::Message& message) { clients_->deliver(message); },
                 [this] { return clients_->anybody_listens(); });
    if (amqp_) {
        feed_.listen(
            [this](const services::Message& message) { amqp_->publish(message.routing_key, message.body); },
            [] { return true; });
        feed_.listen_as_manager(
            [this](const std::shared_ptr<const ami::Event>& event) {
                const auto message = services::message_of(*event, feed_.installation_uuid());
                amqp_->publish(message.routing_key, message.body);
            },
            [] { return true; });
    }
    authentication_.tokens().listen([clients = clients_](const services::Token& token,
                                                         services::TokenStore::End) { clients->end(token); });
}

EventDelivery::~EventDelivery() = default;

Result<void> EventDelivery::start(const std::shared_ptr<const http::TlsContext>& tls, bus::EventBus& bus) {
    const auto address = NetAddress::parse(host_, port_);
    if (!address) return refuse(address);
    feed_.start(bus);
    const auto opened = server_->listen(*address, {{"", service_}}, tls);
    if (!opened) return refuse(opened);
    log_info("{} listens on {} (HTTPS)", service_->name, opened->text());
    announce(service_->name, *opened);
    return {};
}

void EventDelivery::announce(std::string service, const NetAddress& address) {
    SystemRandom random;
    Announced announced{std::move(service), random_uuid(random)};
    const auto& installation = feed_.installation_uuid();
    feed_.publish(services::make_message(services::events::kServiceRegistered,
                                         json::object{{"service_name", announced.service},
                                                      {"service_id", announced.id},
                                                      {"address", outward_address(host_).host()},
                                                      {"port", address.port},
                                                      {"tags", {announced.service, installation}}},
                                         installation, {{"service", announced.service}}));
    announced_.push_back(std::move(announced));
}

EventDelivery::Figures EventDelivery::figures() const {
    Figures figures{.clients = clients_->size()};
    if (amqp_) figures = {clients_->size(), true, amqp_->connected(), amqp_->waiting(), amqp_->lost()};
    return figures;
}

void EventDelivery::stop(std::chrono::milliseconds grace) {
    const auto& installation = feed_.installation_uuid();
    for (const auto& announced : announced_) {
        feed_.publish(services::make_message(services::events::kServiceDeregistered,
                                             json::object{{"service_name", announced.service},
                                                          {"service_id", announced.id},
                                                          {"tags", {announced.service, installation}}},
                                             installation, {{"service", announced.service}}));
    }
    feed_.stop();
    server_->stop(grace);
}

}  // namespace almon::server
