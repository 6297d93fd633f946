// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "bus/contact_event.hpp"
#include "store/database.hpp"

namespace almon::store {

/// Writes and erases rows of the `contacts` table through prepared statements. Lives no longer than its
/// session; throws what SOCI throws.
class ContactWriter final {
public:
    explicit ContactWriter(Session& session);
    ~ContactWriter();

    void write(const bus::StoredContact& contact);
    void erase(const std::string& username, const std::string& uri);

private:
    struct Rows;
    std::unique_ptr<Rows> rows_;
};

/// All rows. Throws what SOCI throws; a row that cannot be understood is passed over, and the log says so.
[[nodiscard]] std::vector<bus::StoredContact> read_contacts(Session& session);

}  // namespace almon::store
