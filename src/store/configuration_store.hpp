// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/change.hpp"
#include "model/snapshot_publisher.hpp"
#include "store/database.hpp"
#include "store/sealer.hpp"

namespace almon::store {

class RowWriter;

struct ConfigurationStoreSettings {
    DatabaseLocation database;
    std::filesystem::path key_file;  ///< Of the Sealer: data_directory/secret.key.
    std::string realm = "almon";     ///< Digest realm that the endpoints' A1 hashes are made for.
};

/// A line of the change log. A change of several operations has as many lines under one number.
struct ChangeLogLine {
    std::uint64_t number = 0;
    int position = 0;
    UtcTime time{};
    std::string who;
    std::string kind;                   ///< "user", "line", "user_line" ...
    std::string object;                 ///< Its id; of an association "12,7".
    std::optional<std::string> before;  ///< JSON; none: it was created.
    std::optional<std::string> after;   ///< JSON; none: it was erased.
};

/// Which changes are wanted. Empty texts: any.
struct ChangeLogQuery {
    std::uint64_t first = 0;
    std::uint64_t last = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    std::string kind;
    std::string object;
    std::string who;
    bool newest_first = true;
    std::size_t limit = 100;  ///< Changes, not lines.
    std::size_t offset = 0;
};
struct FoundChanges {
    std::uint64_t total = 0;           ///< Changes that fit, whatever limit and offset.
    std::vector<ChangeLogLine> lines;  ///< All of each change, in their order.
};

/// The configuration: in the database for good, in the published snapshot for everybody who reads. Any
/// thread; changes are carried out one after the other, and wait for the disk: never on the signalling loop.
class ConfigurationStore final {
public:
    /// Loads everything and publishes it. The database was prepared (prepare_database()). Refused where the
    /// key file does not belong to the database.
    [[nodiscard]] static Result<std::unique_ptr<ConfigurationStore>> open(
        ConfigurationStoreSettings settings, model::SnapshotPublisher& publisher);

    ~ConfigurationStore();
    ConfigurationStore(const ConfigurationStore&) = delete;
    ConfigurationStore& operator=(const ConfigurationStore&) = delete;

    /// An id that was never used and will not be again.
    template <class Resource>
    [[nodiscard]] Id<Resource> reserve() {
        return Id<Resource>{reserve(model::declaration_of<Resource>())};
    }
    [[nodiscard]] std::uint64_t reserve(const model::Declaration& declaration);

    /// Commits the rows and the line of the change log in one transaction, publishes the snapshot that
    /// contains the change and returns its number. Nothing has happened where it is refused: InvalidArgument,
    /// NotFound (an erased thing is not there), Conflict (a name is taken; it is still in use; it names what
    /// does not exist), Outdated (an operation expected something else), Unavailable (disk, database: try
    /// again).
    [[nodiscard]] Result<std::uint64_t> apply(model::Change change, UtcTime now);

    /// Called with every snapshot right after it was published, in order, before apply() returns, on the
    /// thread that applies; the change has what followed from it too (associations that went with what they
    /// joined), and is empty where another process made it. To be set before the first change.
    using Listener = std::function<void(const std::shared_ptr<const model::Snapshot>&, const model::Change&)>;
    void listen(Listener listener) { listener_ = std::move(listener); }

    /// The change log from number `first` on, at most `limit` lines.
    [[nodiscard]] Result<std::vector<ChangeLogLine>> change_log(std::uint64_t first, std::size_t limit);
    [[nodiscard]] Result<FoundChanges> find_changes(const ChangeLogQuery& query);
    /// What takes a change back, to be applied. NotFound: there is no such change; Conflict: something it
    /// touched was changed again since.
    [[nodiscard]] Result<std::vector<model::Operation>> undo_of(std::uint64_t number);

    /// The configuration as the change of this number left it. NotFound: that change is still to come;
    /// Exhausted: more than kMostTakenBack changes were made since.
    [[nodiscard]] Result<std::shared_ptr<const model::Snapshot>> as_of(std::uint64_t number);
    /// The configuration as apply() would publish it, or why it would refuse; nothing is changed.
    [[nodiscard]] Result<std::shared_ptr<const model::Snapshot>> would_be(const model::Change& change,
                                                                          UtcTime now);
    static constexpr std::size_t kMostTakenBack = 10'000;

    /// The configuration in force.
    [[nodiscard]] std::shared_ptr<const model::Snapshot> current() const { return publisher_.current(); }

private:
    using Counters = std::vector<std::uint64_t>;  ///< By Declaration::index.

    ConfigurationStore(ConfigurationStoreSettings settings, Sealer sealer,
                       model::SnapshotPublisher& publisher);

    void ship();
    [[nodiscard]] Result<void> connect();
    void disconnect();
    [[nodiscard]] Result<std::shared_ptr<const model::Snapshot>> load();
    [[nodiscard]] Result<void> catch_up();
    [[nodiscard]] Result<std::uint64_t> commit(const model::Change& change, UtcTime now);
    [[nodiscard]] Result<std::vector<model::Operation>> carry_out(const model::Change& change, UtcTime now,
                                                                  model::SnapshotBuilder& builder);
    void publish(std::shared_ptr<const model::Snapshot> snapshot, const model::Change& change);
    void note_id(const model::Declaration& declaration, model::Key key);
    [[nodiscard]] Counters write_counters();

    model::SnapshotPublisher& publisher_;
    Listener listener_;
    ConfigurationStoreSettings settings_;
    Sealer sealer_;
    std::mutex writing_;  ///< One change at a time; guards the session.
    std::optional<Session> session_;
    std::unique_ptr<RowWriter> rows_;  ///< Of the session; gone before it.
    std::mutex reserving_;
    Counters reserved_;   ///< Last id handed out, by kind.
    Counters persisted_;  ///< Last id that the database knows to be used.
};

}  // namespace almon::store
