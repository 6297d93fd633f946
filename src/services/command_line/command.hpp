// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "ami/message.hpp"
#include "base/result.hpp"
#include "services/amid/manager_desk.hpp"

namespace almon::services {

/// What a command shows.
struct Shown {
    std::vector<std::string> lines;  ///< For people.
    boost::json::value json;         ///< The same for programs.
};

using CommandArguments = std::span<const std::string>;

/// One command of the command line, whoever gives it: `almon channels` in a shell, or a program with the
/// manager's action Command, which may only look (INS-130, CTR-006).
struct Command {
    std::string_view words;      ///< "sip show peers"
    std::string_view also;       ///< Other words for it, as Asterisk has them or as they were; empty: none.
    std::string_view arguments;  ///< "<from> <to>", "[<call>]"; empty: it takes none.
    std::string_view summary;
    bool changes = false;  ///< It does not only show something.
    /// With so many arguments as it takes. May wait.
    Result<Shown> (*perform)(const ManagerDesk& desk, CommandArguments arguments) = nullptr;

    /// One of its arguments.
    struct Argument {
        std::string_view name;  ///< "from"
        bool optional = false;
    };
    [[nodiscard]] std::vector<Argument> takes() const;
};

/// All of them, by their words.
[[nodiscard]] std::span<const Command> commands();

/// The words of a text, whatever blanks stand between them.
[[nodiscard]] std::vector<std::string> words_of(std::string_view text);

/// The command that `words` begin with, and what stands behind it.
struct GivenCommand {
    const Command* command = nullptr;  ///< Null: there is none.
    CommandArguments arguments;
};
[[nodiscard]] GivenCommand command_in(std::span<const std::string> words);

/// What whoever gives a command may do.
enum class CommandRights { Look, Change };

/// NotFound: there is no such command, or not for these rights; InvalidArgument: it takes other arguments;
/// else what itself refuses.
[[nodiscard]] Result<Shown> perform(const ManagerDesk& desk, std::span<const std::string> words,
                                    CommandRights rights);

// For those that define them

/// What an action of the manager lists, without its end.
[[nodiscard]] std::vector<ami::Message> entries_of(const ManagerDesk& desk, const char* action);

/// A value of a list for programs, and which header of the manager's it is.
struct JsonName {
    const char* name;
    std::string_view header;
};
/// {"name": value} of each entry; numbers and flags are texts, as the manager has them.
[[nodiscard]] boost::json::array json_of(const std::vector<ami::Message>& entries,
                                         std::span<const JsonName> names);

// The parts
[[nodiscard]] std::span<const Command> call_commands();
[[nodiscard]] std::span<const Command> dialplan_commands();
[[nodiscard]] std::span<const Command> phone_commands();
[[nodiscard]] std::span<const Command> system_commands();

}  // namespace almon::services
