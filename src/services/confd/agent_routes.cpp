// SPDX-License-Identifier: GPL-3.0-or-later
// Agents: what they can do, and the queues that they answer for.

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "model/agent.hpp"
#include "model/queue.hpp"
#include "services/confd/association.hpp"
#include "services/confd/resource_view.hpp"

namespace almon::services {

namespace json = boost::json;
using model::Agent;
using model::AgentSkill;
using model::Queue;
using model::QueueAgent;
using model::Skill;
using model::Snapshot;

namespace {

using namespace associations;  // NOLINT(google-build-using-namespace): this file is made of them

// Skills, as in later versions

void add_skills(ConfdApi& confd) {
    constexpr const char* kPath = "/agents/{agent_id}/skills/{skill_id}";
    confd.api().define(
        "AgentSkill",
        {{"title", "AgentSkill"}, {"type", "object"}, {"properties", {{"skill_weight", integer()}}}});
    add_link<AgentSkill, Agent, Skill>(confd, kPath,
                                       {.id = "associate_agent_skill",
                                        .summary = "Say how well an agent has a skill",
                                        .tag = "agents",
                                        .body = reference_to("AgentSkill")},
                                       LeftOut::Unchanged);
    add_unlink<AgentSkill, Agent, Skill>(
        confd, kPath,
        {.id = "dissociate_agent_skill", .summary = "Take a skill from an agent", .tag = "agents"},
        "AgentSkill");
}

// Agents of queues

json::object shown(const QueueAgent& link) {
    return {{"queue_id", link.queue.value}, {"agent_id", link.agent.value}, {"penalty", link.penalty}};
}

/// After all that are there already.
int next_place(const Queue& queue, const Snapshot& snapshot) {
    int next = 0;
    snapshot.for_each_naming<QueueAgent>(
        queue.id, [&](const QueueAgent& member) { next = std::max(next, member.priority + 1); });
    return next;
}

/// Takes penalty and priority; the ids are looked at by those who need them.
tl::expected<json::object, Errors> member_in(const http::Request& request, QueueAgent& link) {
    const auto body = object_with(request, {"queue_id", "agent_id", "penalty", "priority"});
    if (!body) return body;
    Errors wrong;
    for (const auto* name : {"penalty", "priority"}) {
        const auto* given = body->if_contains(name);
        if (given == nullptr) continue;
        const auto& field = *model::declaration_of<QueueAgent>().find(name);
        if (const auto taken = field.take(&link, *given); !taken)
            wrong.push_back({taken.error().code, name, taken.error().reason});
    }
    if (const auto* given = body->if_contains("agent_id")) {
        if (const auto id = model::codec::integer(*given); !id)
            wrong.push_back({ErrorCode::InvalidArgument, "agent_id", id.error().reason});
        else if (*id <= 0)
            wrong.push_back({ErrorCode::InvalidArgument, "agent_id", "is no id"});
        else
            link.agent = model::AgentId{static_cast<std::uint64_t>(*id)};
    }
    if (!wrong.empty()) return tl::unexpected<Errors>(std::move(wrong));
    return body;
}

void add_members(ConfdApi& confd) {
    constexpr const char* kAll = "/queues/{queue_id}/members/agents";
    constexpr const char* kOne = "/queues/{queue_id}/members/agents/{agent_id}";
    confd.api().define("AgentQueue", {{"title", "AgentQueue"},
                                      {"type", "object"},
                                      {"required", json::array{"agent_id"}},
                                      {"properties",
                                       {{"queue_id", integer(true)},
                                        {"agent_id", integer()},
                                        {"penalty", {{"type", "integer"}, {"minimum", 0}}},
                                        {"priority", {{"type", "integer"}, {"minimum", 0}}}}}});
    const auto schema = reference_to("AgentQueue");
    write_one<Queue>(confd, http::Method::Post, kAll,
                     {.id = "associate_agent_queue",
                      .summary = "Add an agent to a queue",
                      .tag = "queues",
                      .body = schema,
                      .responses = {{200, schema}, {400, {}}, {404, {}}}},
                     [](const Queue& queue, const http::Request& request,
                        const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                         QueueAgent link{queue.id, {}, 0, next_place(queue, snapshot)};
                         const auto body = member_in(request, link);
                         if (!body) return tl::unexpected<Errors>(body.error());
                         if (!body->contains("agent_id"))
                             return refused(ErrorCode::InvalidArgument, "agent_id", "is missing");
                         if (snapshot.find(link.agent) == nullptr)
                             return refused(ErrorCode::InvalidArgument, "agent_id", "does not exist");
                         if (link_of<QueueAgent>(link.key(), snapshot) != nullptr)
                             return refused(ErrorCode::Conflict, "agent_id",
                                            fmt::format("{} is in the queue already", link.agent.value));
                         Plan plan;
                         put(plan, link);
                         plan.answer = [link](const Snapshot&) {
                             return http::Response::json(200, shown(link));
                         };
                         return plan;
                     });
    confd.read(kOne,
               {.id = "get_agent_queue",
                .summary = "An agent of a queue",
                .tag = "queues",
                .responses = {{200, schema}, {404, {}}}},
               [](const http::Request& request, const Snapshot& snapshot) -> Result<http::Response> {
                   const auto queue = resource_in<Queue>(request, snapshot);
                   if (!queue) return refuse(queue);
                   const auto agent = resource_in<Agent>(request, snapshot);
                   if (!agent) return refuse(agent);
                   const auto* link = link_of<QueueAgent>({(*queue)->id.value, (*agent)->id.value}, snapshot);
                   if (link == nullptr) return refuse(ErrorCode::NotFound, "AgentQueue", "was not found");
                   return http::Response::json(200, shown(*link));
               });
    // As documented, this changes what is there; in later versions it also makes it.
    confd.write(http::Method::Put, kOne,
                {.id = "update_agent_queue",
                 .summary = "Change how a queue calls an agent",
                 .tag = "queues",
                 .body = schema,
                 .responses = {{204, {}}, {400, {}}, {404, {}}}},
                [](const http::Request& request, const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                    const auto queue = resource_in<Queue>(request, snapshot);
                    if (!queue) return refused(queue.error());
                    const auto agent = resource_in<Agent>(request, snapshot);
                    if (!agent) return refused(agent.error());
                    const model::Key key{(*queue)->id.value, (*agent)->id.value};
                    QueueAgent link{(*queue)->id, (*agent)->id, 0, 0};
                    if (const auto* now = link_of<QueueAgent>(key, snapshot))
                        link = *now;
                    else
                        link.priority = next_place(**queue, snapshot);
                    const auto body = member_in(request, link);
                    if (!body) return tl::unexpected<Errors>(body.error());
                    link.agent = (*agent)->id;
                    auto plan = done();
                    change(plan, link, snapshot);
                    return plan;
                });
    add_unlink<QueueAgent, Queue, Agent>(
        confd, kOne,
        {.id = "dissociate_agent_queue", .summary = "Take an agent from a queue", .tag = "queues"},
        "AgentQueue");
}

}  // namespace

void add_agent_routes(ConfdApi& confd) {
    add_skills(confd);
    add_members(confd);
}

}  // namespace almon::services
