// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctid_ng/presences.hpp"

#include <utility>

namespace almon::services {

Result<std::unique_ptr<Presences>> Presences::open(store::DatabaseLocation location) {
    std::unique_ptr<Presences> opened(new Presences(std::move(location)));
    auto read = opened->table_.read();
    if (!read) return refuse(read);
    opened->presences_ = *std::move(read);
    return opened;
}

std::string Presences::of(const std::string& user_uuid) const {
    const std::lock_guard lock(mutex_);
    const auto found = presences_.find(user_uuid);
    return found == presences_.end() ? std::string(kUnknown) : found->second;
}

Result<bool> Presences::choose(const std::string& user_uuid, const std::string& presence) {
    const std::lock_guard one_at_a_time(choosing_);
    if (of(user_uuid) == presence) return false;
    if (const auto kept = table_.put(user_uuid, presence); !kept) return refuse(kept);
    const std::lock_guard lock(mutex_);
    presences_.insert_or_assign(user_uuid, presence);
    return true;
}

}  // namespace almon::services
