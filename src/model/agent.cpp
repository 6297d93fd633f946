// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/agent.hpp"

#include "model/queue.hpp"
#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

void write_queues(std::string& out, const Agent& agent, const Snapshot& snapshot) {
    JsonList list(out);
    snapshot.for_each_naming<QueueAgent>(agent.id, [&](const QueueAgent& member) {
        const auto* queue = snapshot.find(member.queue);
        if (queue == nullptr) return;
        JsonObject(list.entry())
            .member("id", queue->id)
            .member("name", queue->name)
            .member("penalty", member.penalty);
    });
}

void write_skills(std::string& out, const Agent& agent, const Snapshot& snapshot) {
    JsonList list(out);
    snapshot.for_each_naming<AgentSkill>(agent.id, [&](const AgentSkill& has) {
        if (const auto* skill = snapshot.find(has.skill))
            JsonObject(list.entry())
                .member("id", skill->id)
                .member("name", skill->name)
                .member("skill_weight", has.weight);
    });
}

void write_agents(std::string& out, const Skill& skill, const Snapshot& snapshot) {
    JsonList list(out);
    snapshot.for_each_naming<AgentSkill>(skill.id, [&](const AgentSkill& has) {
        if (const auto* agent = snapshot.find(has.agent))
            JsonObject(list.entry())
                .member("id", agent->id)
                .member("number", agent->number)
                .member("firstname", agent->firstname)
                .member("lastname", agent->lastname)
                .member("skill_weight", has.weight);
    });
}

json::object with(json::object schema, std::initializer_list<const char*> integers) {
    for (const auto* name : integers)
        schema["properties"].as_object()[name] = json::object{{"type", "integer"}};
    return schema;
}

}  // namespace

template <>
Declaration declare<Agent>() {
    Declaration made;
    made.kind = "agent";
    made.title = "Agent";
    made.table = "agents";
    made.collection = "/agents";
    made.id_name = "agent_id";
    made.fields = {
        field("id", &Agent::id).key().sortable().says("Number of the agent's record"),
        field("number", &Agent::number)
            .required()
            .fixed()
            .length(1, 40)
            .unique()
            .searched()
            .sortable()
            .checked_by(checks::phone_number)
            .says("What the agent logs in with"),
        field("firstname", &Agent::firstname).length(0, 128).searched().sortable().says("First name"),
        field("lastname", &Agent::lastname).length(0, 128).searched().sortable().says("Last name"),
        field("password", &Agent::password)
            .secret()
            .length(0, 128)
            .checked_by(checks::phone_number)
            .says("Digits to log in with"),
        field("language", &Agent::language)
            .length(0, 20)
            .sortable()
            .checked_by(checks::word)
            .says("Language of what the agent hears"),
        field("preprocess_subroutine", &Agent::preprocess_subroutine)
            .length(0, 39)
            .sortable()
            .checked_by(checks::word)
            .says("Subroutine run before the agent is called"),
        field("description", &Agent::description).length(0, 1000).searched().sortable().says("Notes"),
    };
    made.relations = {
        {"queues", relations::list_of(with(relations::id_and_name_schema(), {"penalty"})),
         declaring::writes<Agent, write_queues>},
        {"users", relations::list_of(relations::user_schema()),
         relations::writes_all_naming<Agent, User, relations::write_user>},
        {"skills", relations::list_of(with(relations::id_and_name_schema(), {"skill_weight"})),
         declaring::writes<Agent, write_skills>},
    };
    return made;
}

template <>
Declaration declare<Skill>() {
    Declaration made;
    made.kind = "skill";
    made.title = "Skill";
    made.table = "skills";
    made.collection = "/agents/skills";
    made.id_name = "skill_id";
    made.fields = {
        field("id", &Skill::id).key().sortable().says("Number of the skill"),
        field("name", &Skill::name)
            .required()
            .length(1, 64)
            .unique()
            .searched()
            .sortable()
            .checked_by(checks::word)
            .says("What skill rules call it"),
        field("description", &Skill::description).length(0, 1000).searched().sortable().says("Notes"),
    };
    auto agent = with(relations::id_and_name_schema(), {"skill_weight"});
    made.relations = {
        {"agents", relations::list_of(std::move(agent)), declaring::writes<Skill, write_agents>},
    };
    return made;
}

template <>
Declaration declare<AgentSkill>() {
    Declaration made;
    made.kind = "agent_skill";
    made.title = "AgentSkill";
    made.table = "agent_skill";
    made.fields = {
        field("agent_id", &AgentSkill::agent).key(),
        field("skill_id", &AgentSkill::skill).key(),
        field("skill_weight", &AgentSkill::weight)
            .range(0, 100)
            .says("How well the agent has it, in percent"),
    };
    return made;
}

template <>
Declaration declare<QueueAgent>() {
    Declaration made;
    made.kind = "queue_agent";
    made.title = "AgentQueue";
    made.table = "queue_agent";
    made.fields = {
        field("queue_id", &QueueAgent::queue).key(),
        field("agent_id", &QueueAgent::agent).key(),
        field("penalty", &QueueAgent::penalty).range(0, 1'000'000).says("Who has the lowest is called first"),
        field("priority", &QueueAgent::priority)
            .range(0, 1'000'000)
            .says("Place in a queue that calls one after the other"),
    };
    return made;
}

}  // namespace almon::model
