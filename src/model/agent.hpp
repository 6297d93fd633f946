// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// Who answers the calls of queues once he has logged in.
struct Agent {
    AgentId id;
    std::string number;
    std::string firstname;
    std::string lastname;
    std::string password;  ///< Digits to log in with.
    std::string language;
    std::string preprocess_subroutine;
    std::string description;
};
template <>
Declaration declare<Agent>();

/// What agents can do, so that queues find the one who can.
struct Skill {
    SkillId id;
    std::string name;
    std::string description;
};
template <>
Declaration declare<Skill>();

/// How well.
struct AgentSkill {
    AgentId agent;
    SkillId skill;
    int weight = 0;  ///< Percent.

    [[nodiscard]] Key key() const noexcept { return {agent.value, skill.value}; }
};
template <>
Declaration declare<AgentSkill>();

/// The agents that a queue's calls ring at.
struct QueueAgent {
    QueueId queue;
    AgentId agent;
    int penalty = 0;   ///< Who has the lowest is called first.
    int priority = 0;  ///< Place in a queue that calls one after the other.

    [[nodiscard]] Key key() const noexcept { return {queue.value, agent.value}; }
};
template <>
Declaration declare<QueueAgent>();

}  // namespace almon::model
