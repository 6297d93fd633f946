// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/resolver.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace almon::pbx {
namespace {

class Resolver final {
public:
    Resolver(const model::Snapshot& snapshot, std::string_view exten, const TraceStep& trace)
        : snapshot_(snapshot), exten_(exten), trace_(trace) {}

    std::optional<Destination> look_into(std::string_view context) {
        if (std::ranges::find(visited_, context) != visited_.end()) return std::nullopt;
        visited_.push_back(context);
        if (auto destination = own_extension(context)) return destination;
        return included(context);
    }

private:
    template <class... Values>
    void trace(fmt::format_string<Values...> format, Values&&... values) {
        if (trace_) trace_(fmt::format(format, std::forward<Values>(values)...));
    }

    std::optional<Destination> own_extension(std::string_view context) {
        const auto* extension = snapshot_.extension_in(context, exten_);
        if (extension == nullptr) return std::nullopt;
        for (const auto line_id : snapshot_.lines_of_extension(extension->id)) {
            const auto* line = snapshot_.line(line_id);
            if (line == nullptr) continue;
            for (const auto user_id : snapshot_.users_of_line(line_id)) {
                if (const auto* user = snapshot_.user(user_id))
                    return user_destination(context, *extension, *line, *user);
            }
        }
        trace("{}@{} is extension {}, which leads to no user", exten_, context, extension->id.value);
        return UnknownDestination{};
    }

    Destination user_destination(std::string_view context, const model::Extension& extension,
                                 const model::Line& line, const model::User& user) {
        UserDestination destination;
        destination.user = &user;
        destination.line = &line;
        for (const auto id : snapshot_.lines_of_user(user.id)) {
            const auto* ringing = snapshot_.line(id);
            if (ringing == nullptr) continue;
            if (const auto* endpoint = snapshot_.endpoint_sip(ringing->endpoint_sip))
                destination.endpoints.push_back({"SIP", endpoint->username, id});
        }
        trace("{}@{} is extension {} of line {}, user {} ({} {}): {} endpoint{}", exten_, context,
              extension.id.value, line.id.value, user.id.value, user.firstname, user.lastname,
              destination.endpoints.size(), destination.endpoints.size() == 1 ? "" : "s");
        return destination;
    }

    std::optional<Destination> included(std::string_view name) {
        const auto* context = snapshot_.context(name);
        if (context == nullptr) {
            trace("context {} does not exist", name);
            return std::nullopt;
        }
        for (const auto& include : context->includes) {
            trace("{} is not in context {}, which includes {}", exten_, name, include);
            if (auto destination = look_into(include)) return destination;
        }
        return std::nullopt;
    }

    const model::Snapshot& snapshot_;
    std::string_view exten_;
    const TraceStep& trace_;
    std::vector<std::string_view> visited_;
};

}  // namespace

Destination resolve(const model::Snapshot& snapshot, std::string_view context, std::string_view exten,
                    const TraceStep& trace) {
    if (auto destination = Resolver(snapshot, exten, trace).look_into(context)) return *destination;
    if (trace) {
        trace(fmt::format("{} is unknown in context {} and what it includes (configuration {})", exten,
                          context, snapshot.change()));
    }
    return UnknownDestination{};
}

}  // namespace almon::pbx
