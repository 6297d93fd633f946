// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Rows of any kind of resource, as its declaration says. Included by this folder's sources only, as it brings
// SOCI.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

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

/// Writes rows of one session, within a transaction of the caller's. Statements are prepared once and kept,
/// as a file of users is tens of thousands of rows; so it must go before its session does. PostgreSQL, to
/// which each statement is a question and an answer between two processes, is given many rows at once: so
/// they may wait until flush(). Throws what SOCI throws.
class RowWriter final {
public:
    RowWriter(Session& session, const Sealer& sealer);
    ~RowWriter();
    RowWriter(const RowWriter&) = delete;
    RowWriter& operator=(const RowWriter&) = delete;

    /// Creates the row or replaces it.
    void put(const model::Declaration& declaration, const void* resource);
    void erase(const model::Declaration& declaration, model::Key key);

    /// A line of the change log.
    struct LogLine {
        long long number = 0;
        int position = 0;
        std::string time;
        std::string who;
        std::string kind;
        std::string object;
        std::optional<std::string> before;
        std::optional<std::string> after;
    };
    void log(LogLine line);

    /// Whatever waits is written: to be called before the transaction is committed.
    void flush();
    /// Whatever waits is forgotten: after a change that came to nothing.
    void discard();

private:
    struct Put;
    struct Erasure;
    struct Log;
    class Rows;

    [[nodiscard]] bool gathers() const noexcept;
    void put_later(const model::Declaration& declaration, const void* resource);
    void log_later(const LogLine& line);
    void noted_row();

    Session& session_;
    const Sealer& sealer_;
    std::vector<std::unique_ptr<Put>>
        puts_;  ///< By Declaration::index, made as they are needed; so are the others.
    std::vector<std::unique_ptr<Erasure>> erasures_;
    std::unique_ptr<Log> log_;
    // What PostgreSQL is given; each made as it is needed.
    std::vector<std::unique_ptr<Rows>> rows_;  ///< By Declaration::index.
    std::unique_ptr<Rows> log_rows_;
    std::size_t waiting_ = 0;
};

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
