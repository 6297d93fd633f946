// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/random.hpp"
#include "services/api.hpp"
#include "services/confd/confd.hpp"
#include "services/confd/plan.hpp"

namespace almon::services {

/// Where the parts of confd add their routes. Reads are answered from the snapshot on the IO thread; changes
/// are planned and saved on the pool.
class ConfdApi final {
public:
    explicit ConfdApi(ConfdParts parts);

    [[nodiscard]] const ConfdParts& parts() const noexcept { return *parts_; }
    [[nodiscard]] Api& api() noexcept { return api_; }

    using Reader =
        std::function<Result<http::Response>(const http::Request& request, const model::Snapshot& snapshot)>;
    void read(std::string_view path, OperationText text, Reader reader);
    /// A route that may wait, as it runs on the pool; what it does is its own business.
    void handle(http::Method method, std::string_view path, OperationText text, http::Handler handler);
    /// A read that waits for something.
    void read_slowly(std::string_view path, OperationText text, http::Handler handler) {
        handle(http::Method::Get, path, std::move(text), std::move(handler));
    }
    void write(http::Method method, std::string_view path, OperationText text, Planner planner);
    /// A change that cannot be one of a batch.
    void write_alone(http::Method method, std::string_view path, OperationText text, Planner planner) {
        carry_out_on(method, path, std::move(text), std::move(planner));
    }
    /// Carries a planner's change out, for handlers that do more than that; on the pool.
    [[nodiscard]] http::Handler changing(Planner planner) const;
    /// Several operations as one change.
    void add_batch();
    /// Plans the body of such a one. To be asked once all routes are there.
    [[nodiscard]] Planner batch_planner() const;

    [[nodiscard]] std::shared_ptr<const http::Service> finish() &&;

private:
    /// What a batch finds planners by: the router tells which route a path means.
    struct Writes {
        http::Router router;
        std::map<const http::Route*, Planner> planners;
    };

    void carry_out_on(http::Method method, std::string_view path, OperationText text, Planner planner);

    std::shared_ptr<const ConfdParts> parts_;
    Api api_;
    std::shared_ptr<Writes> writes_;
};

/// One generator a thread: plans run on several at once.
[[nodiscard]] Random& random_of_thread();

// The parts
void add_resource_routes(ConfdApi& confd);
void add_association_routes(ConfdApi& confd);
void add_way_routes(ConfdApi& confd);
void add_schedule_routes(ConfdApi& confd);
void add_service_routes(ConfdApi& confd);
void add_settings_routes(ConfdApi& confd);
void add_user_routes(ConfdApi& confd);
void add_user_csv_routes(ConfdApi& confd);
void add_function_key_routes(ConfdApi& confd);
void add_agent_routes(ConfdApi& confd);
void add_device_routes(ConfdApi& confd);
void add_line_sip_routes(ConfdApi& confd);
void add_call_log_routes(ConfdApi& confd);
void add_switchboard_routes(ConfdApi& confd);
void add_system_routes(ConfdApi& confd);
void add_condition_routes(ConfdApi& confd);
void add_history_routes(ConfdApi& confd);
void add_explanation_routes(ConfdApi& confd);
void add_sound_routes(ConfdApi& confd);
void add_certificate_routes(ConfdApi& confd);

}  // namespace almon::services
