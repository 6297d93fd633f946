// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/resolver.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "model/declaration.hpp"
#include "model/trunk.hpp"

namespace almon::pbx {
namespace {

std::optional<std::chrono::milliseconds> milliseconds_of(std::optional<double> seconds) {
    if (!seconds) return std::nullopt;
    return std::chrono::milliseconds(std::llround(*seconds * 1000));
}

/// What is dialled behind a code; nothing where it is not this code. Of a forward, the bare code counts as
/// well (ADB-205).
std::optional<std::string_view> argument_of(const model::FeatureCode& code, std::string_view exten) {
    if (!dialplan::NumberPattern::is_pattern(code.exten))
        return code.exten == exten ? std::optional(std::string_view{}) : std::nullopt;
    const auto fixed = model::fixed_part(code);
    if (!exten.starts_with(fixed)) return std::nullopt;
    if (exten == fixed && code.feature.starts_with("fwd")) return std::string_view{};
    if (!dialplan::NumberPattern(code.exten).matches(exten)) return std::nullopt;
    return exten.substr(fixed.size());
}

class Resolver final {
public:
    Resolver(const model::Snapshot& snapshot, const TraceStep& trace, NumberPatterns* patterns,
             const WrittenNumbers& written)
        : snapshot_(snapshot), trace_(trace), patterns_(patterns), written_(written) {}

    Destination number(std::string_view context, std::string_view exten) {
        if (auto found = look_into(context, exten)) return *std::move(found);
        if (auto found = extra_feature(context, exten)) return *std::move(found);
        if (auto found = feature(context, exten)) return *std::move(found);
        trace("{} is unknown in context {} and what it includes (configuration {})", exten, context,
              snapshot_.change());
        return UnknownDestination{};
    }

    Destination configured(const model::Destination& to) {
        if (!to) return HangUpDestination{};
        if (to.type == "extension") return number(to.context, to.exten);
        if (to.type == "user") return user_named(to);
        if (to.type == "group") return group(model::GroupId{to.to.id}, milliseconds_of(to.ring_time));
        if (to.type == "outcall") return outcall_named(to);
        if (to.type == "hangup") return hang_up(to);
        if (to.type == "ivr") return menu(model::IvrId{to.to.id});
        if (to.type == "meetme") return conference(model::ConferenceId{to.to.id});
        if (to.type == "voicemail") return voicemail(to);
        if (to.type == "application" && to.action == "voicemail") return MailboxAccessDestination{to.context};
        if (to.type == "application" && to.action == "disa") return DialToneDestination{to.context, to.pin};
        if (to.type == "custom") return command(to.command);
        if (to.type == "sound") return SoundDestination{to.filename, to.skip, to.no_answer};
        return UnservedDestination{to.to               ? fmt::format("{} {}", to.type, to.to.id)
                                   : to.action.empty() ? to.type
                                                       : fmt::format("{} {}", to.type, to.action)};
    }

private:
    template <class... Values>
    void trace(fmt::format_string<Values...> format, Values&&... values) {
        if (trace_) trace_(fmt::format(format, std::forward<Values>(values)...));
    }

    std::optional<Destination> look_into(std::string_view context, std::string_view exten) {
        if (std::ranges::find(visited_, context) != visited_.end()) return std::nullopt;
        visited_.push_back(context);
        if (const auto* extension = own_extension(context, exten)) return target_of(*extension, exten);
        if (auto place = parking_place(context, exten)) return place;
        if (auto written = script(context, exten)) return written;
        return included(context, exten);
    }

    /// What administrators have written themselves.
    std::optional<Destination> script(std::string_view context, std::string_view exten) {
        const auto* found = written_.dialplan == nullptr ? nullptr : written_.dialplan->own(context, exten);
        if (found == nullptr || found->priorities.empty()) return std::nullopt;
        const auto& first = found->priorities.front();
        trace("{}@{} is written in {}, line {}", exten, context, written_.dialplan->file(first.file),
              first.line);
        return ScriptDestination{std::string(context), std::string(exten)};
    }

    std::optional<Destination> extra_feature(std::string_view context, std::string_view exten) {
        static constexpr std::string_view kExtra = "xivo-extrafeatures";
        const auto* from = snapshot_.context(context);
        if (from == nullptr || from->type != "internal" || written_.dialplan == nullptr ||
            written_.dialplan->context(kExtra) == nullptr)
            return std::nullopt;
        return look_into(kExtra, exten);
    }

    Destination command(const std::string& text) {
        trace("goes to the dialplan: {}", text);
        return ScriptDestination{{}, {}, text};
    }

    /// Places of a parking lot are numbers of the contexts where the lot has one (ADB-082).
    std::optional<Destination> parking_place(std::string_view context, std::string_view exten) {
        std::optional<Destination> found;
        snapshot_.for_each<model::ParkingLot>([&](const model::ParkingLot& lot) {
            if (found || !model::is_place(lot, exten)) return;
            snapshot_.for_each_naming<model::Extension>(lot.id, [&](const model::Extension& extension) {
                if (extension.context == context) found = ParkedDestination{&lot, std::string(exten)};
            });
            if (found)
                trace("{}@{} is a place of parking lot {} ({})", exten, context, lot.id.value, lot.name);
        });
        return found;
    }

    const model::Extension* own_extension(std::string_view context, std::string_view exten) {
        const auto* extension = snapshot_.extension_in(context, exten);
        if (extension != nullptr && extension->commented) {
            trace("{}@{} is extension {}, which is switched off", exten, context, extension->id.value);
        } else if (extension != nullptr && !dialplan::NumberPattern::is_pattern(exten)) {
            // Behind a prefix of its own, the bare number is not dialled.
            const auto* way_out = snapshot_.first_naming<model::OutcallExtension>(extension->id);
            if (way_out == nullptr || way_out->prefix.empty()) return extension;
        }
        return patterns_ == nullptr ? nullptr : patterns_->find(snapshot_, context, exten);
    }

    Destination target_of(const model::Extension& extension, std::string_view exten) {
        for (const auto line_id : snapshot_.lines_of_extension(extension.id)) {
            const auto* line = snapshot_.line(line_id);
            if (line == nullptr) continue;
            for (const auto user_id : snapshot_.users_of_line(line_id)) {
                const auto* user = snapshot_.user(user_id);
                if (user == nullptr) continue;
                auto found = user_destination(*user, line->context);
                trace("{}@{} is extension {} of line {}, user {} ({} {}): {} endpoint{}", exten,
                      extension.context, extension.id.value, line_id.value, user_id.value, user->firstname,
                      user->lastname, found.endpoints.size(), found.endpoints.size() == 1 ? "" : "s");
                return found;
            }
        }
        if (const auto* rule = snapshot_.first_naming<model::OutcallExtension>(extension.id))
            return outcall(extension, *rule, exten);
        if (!extension.leads_to) {
            trace("{}@{} is extension {}, which leads to no user", exten, extension.context,
                  extension.id.value);
            return UnknownDestination{};
        }
        const auto& kind = extension.leads_to.kind->kind;
        trace("{}@{} is extension {} of {} {}", exten, extension.context, extension.id.value, kind,
              extension.leads_to.id);
        if (kind == "incall") {
            const auto* found = snapshot_.find(model::IncallId{extension.leads_to.id});
            if (found != nullptr) return IncallDestination{found};
        }
        if (kind == "group") return group(model::GroupId{extension.leads_to.id}, {});
        if (kind == "ivr") return menu(model::IvrId{extension.leads_to.id});
        if (kind == "parking_lot") {
            const auto* found = snapshot_.find(model::ParkingLotId{extension.leads_to.id});
            if (found != nullptr) return ParkingDestination{found};
        }
        if (kind == "conference") return conference(model::ConferenceId{extension.leads_to.id});
        return UnservedDestination{fmt::format("{} {}", kind, extension.leads_to.id)};
    }

    UserDestination user_destination(const model::User& user, std::string_view context) {
        UserDestination destination;
        destination.user = &user;
        destination.context = context;
        destination.endpoints = endpoints_of(snapshot_, user.id);
        return destination;
    }

    Destination user_named(const model::Destination& to) {
        const auto* user = snapshot_.user(model::UserId{to.to.id});
        if (user == nullptr) return UnknownDestination{};
        const auto& lines = snapshot_.lines_of_user(user->id);
        const auto* line = lines.empty() ? nullptr : snapshot_.line(lines.front());
        auto found = user_destination(*user, line != nullptr ? std::string_view(line->context) : "");
        found.ring_time = milliseconds_of(to.ring_time);
        trace("goes to user {} ({} {}): {} endpoint{}", user->id.value, user->firstname, user->lastname,
              found.endpoints.size(), found.endpoints.size() == 1 ? "" : "s");
        return found;
    }

    Destination group(model::GroupId id, std::optional<std::chrono::milliseconds> ring_time) {
        const auto* found = snapshot_.find(id);
        if (found == nullptr) return UnknownDestination{};
        trace("goes to group {} ({}): {} member{}", id.value, found->name, found->users.size(),
              found->users.size() == 1 ? "" : "s");
        return GroupDestination{found, ring_time};
    }

    Destination voicemail(const model::Destination& to) {
        const auto* found = snapshot_.find(model::VoicemailId{to.to.id});
        if (found == nullptr) return UnknownDestination{};
        trace("goes to voicemail {} ({})", found->id.value, found->mailbox);
        return VoicemailDestination{found, to.greeting, to.skip_instructions};
    }

    Destination menu(model::IvrId id) {
        const auto* found = snapshot_.find(id);
        if (found == nullptr) return UnknownDestination{};
        trace("goes to menu {} ({})", id.value, found->name);
        return MenuDestination{found};
    }

    Destination conference(model::ConferenceId id) {
        const auto* found = snapshot_.find(id);
        if (found == nullptr) return UnknownDestination{};
        trace("goes to conference {} ({})", id.value, found->name);
        return ConferenceDestination{found};
    }

    /// Codes are for those inside; a number of theirs that is the same goes first.
    std::optional<Destination> feature(std::string_view context, std::string_view exten) {
        const auto* from = snapshot_.context(context);
        if (from == nullptr || from->type != "internal") return std::nullopt;
        auto found = code_dialled(snapshot_, exten);
        if (!found) return std::nullopt;
        const auto& code = *found->code;
        if (!code.enabled) {
            trace("{} is the code {} ({}), which is switched off", exten, code.feature, code.exten);
            return std::nullopt;
        }
        trace("{} is the code {} ({})", exten, code.feature, code.exten);
        return found;
    }

    Destination outcall(const model::Extension& extension, const model::OutcallExtension& rule,
                        std::string_view exten) {
        const auto* found = snapshot_.find(rule.outcall);
        if (found == nullptr) return UnknownDestination{};
        OutcallDestination out{found, &rule, std::string(exten), rule.external_prefix};
        const auto strip = std::min(exten.size(), static_cast<std::size_t>(rule.strip_digits));
        out.number += exten.substr(strip);
        trace("{}@{} is extension {} of the way out {} ({}): sends {}", exten, extension.context,
              extension.id.value, found->id.value, found->name, out.number);
        return out;
    }

    Destination outcall_named(const model::Destination& to) {
        const model::OutcallId id{to.to.id};
        const auto* found = snapshot_.find(id);
        if (found == nullptr) return UnknownDestination{};
        std::optional<Destination> by_rule;
        snapshot_.for_each_naming<model::OutcallExtension>(id, [&](const model::OutcallExtension& rule) {
            const auto* extension = snapshot_.extension(rule.extension);
            if (by_rule || extension == nullptr) return;
            if (dialplan::NumberPattern(dialled_pattern(*extension, rule.prefix)).matches(to.exten))
                by_rule = outcall(*extension, rule, to.exten);
        });
        if (by_rule) return *std::move(by_rule);
        trace("goes out by {} ({}): sends {}", id.value, found->name, to.exten);
        return OutcallDestination{found, nullptr, to.exten, to.exten};
    }

    static Destination hang_up(const model::Destination& to) {
        HangUpDestination end;
        if (to.action == "busy") end.cause = Cause::UserBusy;
        if (to.action == "congestion") end.cause = Cause::SwitchingCongestion;
        if (to.timeout) end.tone = std::chrono::seconds(*to.timeout);
        return end;
    }

    std::optional<Destination> included(std::string_view name, std::string_view exten) {
        const auto* context = snapshot_.context(name);
        const auto* written = written_.dialplan == nullptr ? nullptr : written_.dialplan->context(name);
        if (context == nullptr && written == nullptr) {
            trace("context {} does not exist", name);
            return std::nullopt;
        }
        std::optional<Destination> destination;
        const auto look = [&](const std::string& include) {
            trace("{} is not in context {}, which includes {}", exten, name, include);
            destination = look_into(include, exten);
            return destination.has_value();
        };
        if (context != nullptr && std::ranges::any_of(context->includes, look)) return destination;
        if (written == nullptr) return std::nullopt;
        for (const auto& include : written->includes) {
            if ((!include.when || include.when->holds(written_.now)) && look(include.context))
                return destination;
        }
        return std::nullopt;
    }

    const model::Snapshot& snapshot_;
    const TraceStep& trace_;
    NumberPatterns* patterns_;
    const WrittenNumbers& written_;
    std::vector<std::string_view> visited_;
};

}  // namespace

std::optional<FeatureDestination> code_dialled(const model::Snapshot& snapshot, std::string_view exten) {
    std::optional<FeatureDestination> found;
    bool is_exact = false;
    snapshot.for_each<model::FeatureCode>([&](const model::FeatureCode& code) {
        if (is_exact) return;
        const auto argument = argument_of(code, exten);
        if (!argument) return;
        is_exact = code.exten == exten;
        if (!found || is_exact) found = FeatureDestination{&code, std::string(*argument)};
    });
    return found;
}

std::string_view context_of(const model::Trunk& trunk) noexcept {
    return trunk.context.empty() ? std::string_view("from-extern") : trunk.context;
}

std::vector<DestinationEndpoint> endpoints_of(const model::Snapshot& snapshot, model::UserId user) {
    std::vector<DestinationEndpoint> endpoints;
    for (const auto id : snapshot.lines_of_user(user)) {
        const auto* line = snapshot.line(id);
        if (line == nullptr) continue;
        if (const auto* endpoint = snapshot.endpoint_sip(line->endpoint_sip))
            endpoints.push_back({"SIP", endpoint->username, id});
    }
    return endpoints;
}

Destination resolve(const model::Snapshot& snapshot, std::string_view context, std::string_view exten,
                    const TraceStep& trace, NumberPatterns* patterns, const WrittenNumbers& written) {
    return Resolver(snapshot, trace, patterns, written).number(context, exten);
}

Destination resolve(const model::Snapshot& snapshot, const model::Destination& configured,
                    const TraceStep& trace, NumberPatterns& patterns, const WrittenNumbers& written) {
    return Resolver(snapshot, trace, &patterns, written).configured(configured);
}

}  // namespace almon::pbx
