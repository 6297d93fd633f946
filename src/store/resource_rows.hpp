// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Rows of any kind of resource, as its declaration says. Included by this folder's sources only, as it brings
// SOCI.

#include <functional>
#include <memory>
#include <string>

#include <boost/json.hpp>
#include <soci/soci.h>

#include "base/result.hpp"
#include "model/declaration.hpp"
#include "store/database.hpp"
#include "store/sealer.hpp"

namespace almon::store {

/// Makes the tables and columns of declared kinds that are not there yet. A new column holds a new resource's
/// value in the rows that exist. What is to be renamed or converted is a migration's business. Throws what
/// SOCI throws.
void extend_tables(Session& session);

/// Creates the row or replaces it. Throws what SOCI throws.
void write_row(soci::session& session, const model::Declaration& declaration, const void* resource,
               const Sealer& sealer);

/// Deletes the row. Throws what SOCI throws.
void delete_row(soci::session& session, const model::Declaration& declaration, model::Key key);

/// Hands every row to `taker` as a resource. Throws what SOCI throws.
[[nodiscard]] Result<void> read_rows(soci::session& session, const model::Declaration& declaration,
                                     const Sealer& sealer,
                                     const std::function<void(std::shared_ptr<void>)>& taker);

/// A row for the change log. Sealed values stay sealed.
[[nodiscard]] std::string json_of(const model::Declaration& declaration, const void* resource,
                                  const Sealer& sealer);

/// What json_of() told of; columns it does not hold are as in a new resource.
[[nodiscard]] Result<std::shared_ptr<void>> resource_of(const model::Declaration& declaration,
                                                        std::string_view json, const Sealer& sealer);

/// The first text that a database cannot keep (PostgreSQL refuses the zero byte, and so do we), named by its
/// field.
[[nodiscard]] Result<void> check_texts(const model::Declaration& declaration, const void* resource);

}  // namespace almon::store
