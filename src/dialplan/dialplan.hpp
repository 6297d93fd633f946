// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <ctime>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialplan/number_pattern.hpp"
#include "dialplan/substitution.hpp"
#include "dialplan/time_range.hpp"

namespace almon::dialplan {

/// What the language does itself; everything else is an application of the telephone system.
enum class Statement : std::uint8_t {
    Application,
    ContinueWhile,
    EndWhile,
    ExecIf,
    ExitWhile,
    Gosub,
    GosubIf,
    Goto,
    GotoIf,
    GotoIfTime,
    Log,
    MultipleSet,
    NoOperation,
    Return,
    Set,
    StackPop,
    Verbose,
    While,
};
/// @param application in any case: NoOp is Noop (ADB-057).
[[nodiscard]] Statement statement_of(std::string_view application);

/// `Application(arguments)`, read. What is put into its texts for a call is never read as part of the
/// language: a caller's name with a question mark in it decides nothing.
struct Command {
    std::string application{};  ///< As it is written; empty: nothing is done.
    std::string text{};         ///< Its arguments, as they are written.
    Statement statement = Statement::Application;
    Substitution arguments{};             ///< Of a choice its condition alone.
    bool compares = false;                ///< Its condition is written without $[...] around it.
    std::vector<Substitution> targets{};  ///< Of a choice: where it goes if the condition holds, and if not.
    std::vector<Command> commands{};      ///< Of ExecIf: what it does if the condition holds, and if not.
};
/// Refused with what is wrong.
[[nodiscard]] Result<Command> read_command(std::string_view text);

/// One step of an extension.
struct Priority {
    unsigned number = 1;
    std::string label{};
    Command command{};
    unsigned partner =
        0;  ///< Of a While its EndWhile and the other way round; of what leaves one, that one's.
    std::uint32_t file = 0;  ///< Of Dialplan::file().
    unsigned line = 0;
};

/// What happens where a number, or a name such as `s`, is dialled in a context.
struct Extension {
    std::string name;                        ///< Without the underscore that makes it a pattern.
    std::optional<NumberPattern> pattern{};  ///< Nothing: the name itself.
    std::vector<Priority> priorities{};      ///< By number.
    std::string hint{};                      ///< Whose lamp it is; empty: nobody's.

    /// Null: there is none of this number.
    [[nodiscard]] const Priority* priority(unsigned number) const noexcept;
    /// @param text a number or a label. Null: there is none.
    [[nodiscard]] const Priority* priority(std::string_view text) const noexcept;
};

/// Another context whose numbers can be dialled as well.
struct Include {
    std::string context;
    std::optional<TimeRange> when{};
};

struct Context {
    std::map<std::string, Extension, std::less<>> extensions;  ///< Those without pattern, by name.
    std::vector<Extension> patterns;                           ///< The narrowest first.
    std::vector<Include> includes;
};

/// What administrators have written in the extensions.conf language (ADB-039, ADB-045, API-207): read once,
/// used by all calls.
class Dialplan final {
public:
    /// Null: there is none of this name.
    [[nodiscard]] const Context* context(std::string_view name) const noexcept;
    /// The extension that is meant by a number in a context, or in one that it includes: what stands there in
    /// full goes before patterns, of these the narrowest counts. Null: none.
    [[nodiscard]] const Extension* find(std::string_view context, std::string_view exten,
                                        const std::tm& now) const;
    /// In the context itself.
    [[nodiscard]] const Extension* own(std::string_view context, std::string_view exten) const;
    /// Whether further digits could still mean an extension of the context that these do not.
    [[nodiscard]] bool may_go_on(std::string_view context, std::string_view exten, const std::tm& now) const;

    [[nodiscard]] const std::map<std::string, Context, std::less<>>& contexts() const noexcept {
        return contexts_;
    }
    [[nodiscard]] const std::map<std::string, std::string, std::less<>>& globals() const noexcept {
        return globals_;
    }
    /// "pbx.conf"
    [[nodiscard]] const std::string& file(std::uint32_t number) const noexcept { return files_[number]; }
    [[nodiscard]] std::size_t priority_count() const noexcept;

private:
    friend class DialplanReader;

    std::map<std::string, Context, std::less<>> contexts_;
    std::map<std::string, std::string, std::less<>> globals_;
    std::vector<std::string> files_;
};

/// A line of a file that cannot be used, or that will not do what was wanted.
struct Complaint {
    std::string file;
    unsigned line = 0;
    std::string text;  ///< "a priority is expected, not \"x\""

    /// "pbx.conf, line 3: a priority ..."
    [[nodiscard]] std::string sentence() const;
};

struct File {
    std::string name;
    std::string text;
};

struct ReadDialplan {
    std::shared_ptr<const Dialplan> dialplan;  ///< Null where there are errors.
    std::vector<Complaint> errors;
    std::vector<Complaint> warnings;
};

/// Reads files in the extensions.conf language: `[context]`, `[globals]` and lines before the first context,
/// `exten = name,priority(label),Application(arguments)`, `same = n,...`, `include = context[,times]`, a
/// priority `hint`, comments behind `;` and between `;--` and `--;`.
/// @param applications that the telephone system has, in lower case; others are warned of.
[[nodiscard]] ReadDialplan read_dialplan(const std::vector<File>& files,
                                         const std::vector<std::string_view>& applications);

}  // namespace almon::dialplan
