// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctid_ng/do_not_disturb.hpp"

#include <memory>
#include <utility>

#include "model/user.hpp"
#include "services/confd/plan.hpp"

namespace almon::services {

namespace {

constexpr int kMostTries = 10;

}  // namespace

Result<void> set_do_not_disturb(store::ConfigurationStore& store, std::string_view user_uuid, bool on,
                                const std::string& who, UtcTime now) {
    const auto& declaration = model::declaration_of<model::User>();
    for (int tries = 1;; ++tries) {
        const auto found = find_named(declaration, user_uuid, *store.current());
        if (!found) return refuse(found);
        auto user = *static_cast<const model::User*>(found->resource.get());
        if (user.do_not_disturb == on) return {};
        user.do_not_disturb = on;
        const auto saved =
            store.apply({who,
                         {{&declaration, found->key, std::make_shared<const model::User>(std::move(user)),
                           found->resource}}},
                        now);
        if (saved) return {};
        if (saved.error().code != ErrorCode::Outdated || tries == kMostTries) return refuse(saved);
    }
}

}  // namespace almon::services
