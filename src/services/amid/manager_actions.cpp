// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/amid/manager_actions.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

namespace almon::services {

std::span<const ManagerAction> manager_actions() {
    static const auto kAll = [] {
        std::vector<ManagerAction> all;
        for (const auto part : {core_actions(), call_actions(), command_actions(), phone_actions()})
            std::ranges::copy(part, std::back_inserter(all));
        std::ranges::sort(all, {}, &ManagerAction::name);
        return all;
    }();
    return kAll;
}

const ManagerAction* manager_action(std::string_view name) {
    const auto all = manager_actions();
    const auto found = std::ranges::find_if(
        all, [&](const ManagerAction& action) { return ami::same_name(action.name, name); });
    return found == all.end() ? nullptr : &*found;
}

ami::Reply refusal_of(const Error& error) {
    return ami::Reply::error(error.field.empty() ? error.reason : error.field + " " + error.reason);
}

ami::Reply begin_list(std::string message) {
    return {{{"Response", "Success"}, {"EventList", "start"}, {"Message", std::move(message)}}};
}

void finish_list(ami::Reply& list, std::string_view complete) {
    const auto items = std::to_string(list.events.size());
    list.events.push_back(
        {{"Event", std::string(complete)}, {"EventList", "Complete"}, {"ListItems", items}});
}

}  // namespace almon::services
