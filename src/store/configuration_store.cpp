// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/configuration_store.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <soci/soci.h>

#include "base/digest_hash.hpp"
#include "model/change_checks.hpp"
#include "model/snapshot.hpp"
#include "store/password_hash.hpp"
#include "store/resource_rows.hpp"
#include "store/timestamp.hpp"

namespace almon::store {
namespace {

/// What the snapshot carries beyond the row: the hashes that digest authentication compares with.
void derive(const model::Declaration& declaration, void* resource, const std::string& realm) {
    if (&declaration != &model::declaration_of<model::EndpointSip>()) return;
    auto& endpoint = *static_cast<model::EndpointSip*>(resource);
    endpoint.a1_md5 = digest_a1(DigestAlgorithm::Md5, endpoint.username, realm, endpoint.secret);
    endpoint.a1_sha256 = digest_a1(DigestAlgorithm::Sha256, endpoint.username, realm, endpoint.secret);
}

constexpr const char* kSealCheck = "almon";

/// Replaces what must not be kept in clear by its hash. Slow on purpose (argon2id).
Result<void> hash_passwords(const model::Declaration& declaration, void* resource) {
    for (const auto& field : declaration.fields) {
        if (!field.is_hashed) continue;
        const auto value = field.get(resource);
        const std::string_view password = value.get_string();
        if (is_password_hash(password)) continue;
        auto hash = hash_password(password);
        if (!hash) return refuse(hash);
        if (const auto set = field.set(resource, boost::json::string(*hash)); !set) return set;
    }
    return {};
}

/// All that name a resource, by id or by name, in a list of its own: what is done about them changes the
/// index.
std::vector<model::Referrer> all_referrers(const model::Declaration& declaration, model::Key key,
                                           const void* resource, const model::Snapshot& snapshot) {
    if (declaration.is_association) return {};
    auto all = snapshot.referrers({&declaration, key.first});
    const auto* name = declaration.find("name");
    if (name == nullptr || !name->is_unique) return all;
    const auto value = name->get(resource);
    for (const auto& kind : model::declarations()) {
        for (const auto& field : kind.fields) {
            if (field.names_kind != declaration.kind) continue;
            snapshot.for_each(kind, [&](model::Key other, const model::AnyResource& candidate) {
                if (field.get(candidate.get()) == value) all.push_back({&kind, &field, other});
            });
        }
    }
    return all;
}

/// Carries out a change's operations one by one on the session and on the next snapshot, within a transaction
/// that the caller commits or not.
class ChangeWriter final {
public:
    ChangeWriter(RowWriter& rows, model::SnapshotBuilder& builder, const Sealer& sealer,
                 const std::string& realm, std::uint64_t number, std::string time, std::string who)
        : rows_(rows),
          builder_(builder),
          sealer_(sealer),
          realm_(realm),
          number_(static_cast<long long>(number)),
          time_(std::move(time)),
          who_(std::move(who)) {}

    Result<void> carry_out(const model::Operation& operation) {
        const auto& declaration = *operation.declaration;
        const auto old = builder_.so_far().find(declaration, operation.key);
        if (operation.expected && operation.expected != old) {
            return refuse(ErrorCode::Outdated, declaration.kind,
                          declaration.text_of(operation.key) + " was changed in the meantime");
        }
        return operation.resource ? put(operation, old) : erase(operation, old);
    }

    /// What was done, with what followed from it.
    [[nodiscard]] std::vector<model::Operation> carried_out() && { return std::move(carried_out_); }

private:
    Result<void> put(const model::Operation& operation, const model::AnyResource& was) {
        const void* old = was.get();
        const auto& declaration = *operation.declaration;
        const auto key = operation.key;
        if (key.first == 0 || (declaration.is_association && key.second == 0))
            return refuse(ErrorCode::InvalidArgument, "id", "is missing");
        const auto resource = declaration.copy(operation.resource.get());
        if (auto sound = check_texts(declaration, resource.get()); !sound) return sound;
        if (auto fitting = model::check_put(declaration, key, resource.get(), old, builder_.so_far());
            !fitting)
            return fitting;
        rows_.put(declaration, resource.get());
        write_line(declaration.kind, declaration.text_of(key),
                   old ? std::optional(json_of(declaration, old, sealer_)) : std::nullopt,
                   json_of(declaration, resource.get(), sealer_));
        derive(declaration, resource.get(), realm_);
        declaration.put(builder_, resource);
        carried_out_.push_back({&declaration, key, resource, was});
        return {};
    }

    Result<void> erase(const model::Operation& operation, const model::AnyResource& was) {
        const void* old = was.get();
        const auto& declaration = *operation.declaration;
        if (old == nullptr) {
            return refuse(ErrorCode::NotFound, declaration.kind,
                          declaration.text_of(operation.key) + " does not exist");
        }
        if (declaration.may_go != nullptr) {
            if (auto free = declaration.may_go(old, builder_.so_far()); !free) return free;
        }
        if (auto let_go = let_go_of(operation, old); !let_go) return let_go;
        rows_.erase(declaration, operation.key);
        write_line(declaration.kind, declaration.text_of(operation.key), json_of(declaration, old, sealer_),
                   std::nullopt);
        declaration.erase(builder_, operation.key);
        carried_out_.push_back({&declaration, operation.key, nullptr, was});
        return {};
    }

    /// Does what their declarations say with those that name what is about to be erased.
    Result<void> let_go_of(const model::Operation& operation, const void* old) {
        const auto& declaration = *operation.declaration;
        const model::Reference gone{&declaration, operation.key.first};
        for (const auto& referrer : all_referrers(declaration, operation.key, old, builder_.so_far())) {
            const auto there = builder_.so_far().find(*referrer.kind, referrer.key);
            if (!there) continue;  // went with another member of its own
            switch (referrer.field->when_erased) {
                case model::WhenErased::Refuse:
                    return refuse(ErrorCode::Conflict, declaration.kind,
                                  fmt::format("is associated to the {} {}", referrer.kind->kind,
                                              referrer.kind->text_of(referrer.key)));
                case model::WhenErased::Clear: {
                    const auto cleared = referrer.kind->copy(there.get());
                    referrer.field->forget(cleared.get(), gone);
                    if (auto done = put({referrer.kind, referrer.key, cleared, nullptr}, there); !done)
                        return done;
                    break;
                }
                case model::WhenErased::Follow:
                    if (auto done = erase({referrer.kind, referrer.key, nullptr, nullptr}, there); !done)
                        return done;
                    break;
            }
        }
        return {};
    }

    void write_line(const std::string& kind, const std::string& object, std::optional<std::string> before,
                    std::optional<std::string> after) {
        rows_.log({number_, position_, time_, who_, kind, object, std::move(before), std::move(after)});
        ++position_;
    }

    RowWriter& rows_;
    model::SnapshotBuilder& builder_;
    const Sealer& sealer_;
    const std::string& realm_;
    long long number_;
    int position_ = 0;
    std::string time_;
    std::string who_;
    std::vector<model::Operation> carried_out_;
};

/// Lines of the change log that fit `rest`, the statement from WHERE on, for which `bind` gives the values.
Result<std::vector<ChangeLogLine>> lines_of(soci::session& session, const std::string& rest,
                                            const std::function<void(soci::statement&)>& bind) {
    long long number = 0;
    std::string time, before, after;
    soci::indicator before_indicator = soci::i_ok, after_indicator = soci::i_ok;
    ChangeLogLine line;
    soci::statement statement(session);
    statement.exchange(soci::into(number));
    statement.exchange(soci::into(line.position));
    statement.exchange(soci::into(time));
    statement.exchange(soci::into(line.who));
    statement.exchange(soci::into(line.kind));
    statement.exchange(soci::into(line.object));
    statement.exchange(soci::into(before, before_indicator));
    statement.exchange(soci::into(after, after_indicator));
    bind(statement);
    statement.alloc();
    statement.prepare(
        "SELECT number, position, time, who, kind, object, before, after FROM change_log WHERE " + rest);
    statement.define_and_bind();
    statement.execute();
    std::vector<ChangeLogLine> lines;
    while (statement.fetch()) {
        const auto moment = parse_timestamp(time);
        if (!moment) return refuse(moment);
        line.number = static_cast<std::uint64_t>(number);
        line.time = *moment;
        line.before = before_indicator == soci::i_ok ? std::optional(before) : std::nullopt;
        line.after = after_indicator == soci::i_ok ? std::optional(after) : std::nullopt;
        lines.push_back(line);
    }
    return lines;
}

/// The same, naming nobody; null where it names nobody as it is.
std::shared_ptr<void> without_references(const model::Declaration& declaration, const void* resource) {
    std::shared_ptr<void> alone;
    for (const auto& field : declaration.fields) {
        if (!field.refers() || field.is_key) continue;
        field.refer(resource, [&](const model::Reference& named) {
            if (!alone) alone = declaration.copy(resource);
            field.forget(alone.get(), named);
        });
    }
    return alone;
}

}  // namespace

ConfigurationStore::ConfigurationStore(ConfigurationStoreSettings settings, Sealer sealer,
                                       model::SnapshotPublisher& publisher)
    : publisher_(publisher),
      settings_(std::move(settings)),
      sealer_(std::move(sealer)),
      reserved_(model::declarations().size()),
      persisted_(model::declarations().size()) {}

ConfigurationStore::~ConfigurationStore() = default;

Result<std::unique_ptr<ConfigurationStore>> ConfigurationStore::open(ConfigurationStoreSettings settings,
                                                                     model::SnapshotPublisher& publisher) {
    auto session = Session::open(settings.database);
    if (!session) return refuse(session);
    return guarded([&]() -> Result<std::unique_ptr<ConfigurationStore>> {
        // A value sealed at the first start tells whether this key file is the database's.
        std::string check;
        session->soci() << "SELECT value FROM installation WHERE name = 'seal_check'", soci::into(check);
        auto sealer = Sealer::open(settings.key_file,
                                   check.empty() ? Sealer::Missing::Create : Sealer::Missing::Refuse);
        if (!sealer) return refuse(sealer);
        if (check.empty()) {
            check = sealer->seal(kSealCheck);
            session->soci() << "INSERT INTO installation (name, value) VALUES ('seal_check', :value)",
                soci::use(check);
        } else if (const auto opened = sealer->unseal(check); !opened) {
            return refuse(opened);
        }

        std::unique_ptr<ConfigurationStore> store(
            new ConfigurationStore(std::move(settings), *std::move(sealer), publisher));
        store->session_ = *std::move(session);
        store->ship();
        auto snapshot = store->load();
        if (!snapshot) return refuse(snapshot);
        publisher.publish(*std::move(snapshot));
        return store;
    });
}

std::uint64_t ConfigurationStore::reserve(const model::Declaration& declaration) {
    const std::lock_guard lock(reserving_);
    return ++reserved_[declaration.index];
}

/// What a new installation begins with is there once a kind has never had anything.
void ConfigurationStore::ship() {
    auto& session = session_->soci();
    Transaction transaction(*session_);
    RowWriter rows(*session_, sealer_);
    for (const auto& declaration : model::declarations()) {
        long long known = 0;
        session << "SELECT count(*) FROM id_counters WHERE kind = :kind", soci::use(declaration.kind),
            soci::into(known);
        if (declaration.shipped.empty() || known > 0) continue;
        std::uint64_t last = 0;
        for (const auto& resource : declaration.shipped) {
            rows.put(declaration, resource.get());
            last = std::max(last, declaration.key_of(resource.get()).first);
        }
        const auto highest = static_cast<long long>(last);
        session << "INSERT INTO id_counters (kind, last) VALUES (:kind, :last) "
                   "ON CONFLICT (kind) DO NOTHING",
            soci::use(declaration.kind), soci::use(highest);
    }
    rows.flush();
    transaction.commit();
}

void ConfigurationStore::disconnect() {
    rows_.reset();
    session_.reset();
}

Result<void> ConfigurationStore::connect() {
    if (session_) return {};
    auto session = Session::open(settings_.database);
    if (!session) return refuse(session);
    session_ = *std::move(session);
    return {};
}

Result<std::shared_ptr<const model::Snapshot>> ConfigurationStore::load() {
    auto& session = session_->soci();
    Transaction transaction(*session_);  // one view of all tables
    model::SnapshotBuilder builder(*model::Snapshot::empty());
    Counters last(model::declarations().size());
    for (const auto& declaration : model::declarations()) {
        auto& highest = last[declaration.index];
        const auto read = read_rows(session, declaration, sealer_, [&](std::shared_ptr<void> resource) {
            derive(declaration, resource.get(), settings_.realm);
            if (!declaration.is_association)
                highest = std::max(highest, declaration.key_of(resource.get()).first);
            declaration.put(builder, std::move(resource));
        });
        if (!read) return refuse(read);
        long long stored = 0;
        session << "SELECT last FROM id_counters WHERE kind = :kind", soci::use(declaration.kind),
            soci::into(stored);
        highest = std::max(highest, static_cast<std::uint64_t>(stored));
    }
    long long number = 0;
    session << "SELECT coalesce(max(number), 0) FROM change_log", soci::into(number);
    transaction.commit();

    const std::lock_guard lock(reserving_);
    persisted_ = last;
    for (std::size_t index = 0; index < last.size(); ++index)
        reserved_[index] = std::max(reserved_[index], last[index]);
    return builder.build(static_cast<std::uint64_t>(number));
}

/// Reads anew what somebody else wrote, or what we committed without being told so.
Result<void> ConfigurationStore::catch_up() {
    long long number = 0;
    session_->soci() << "SELECT coalesce(max(number), 0) FROM change_log", soci::into(number);
    if (static_cast<std::uint64_t>(number) == publisher_.current()->change()) return {};
    auto snapshot = load();
    if (!snapshot) return refuse(snapshot);
    publish(*std::move(snapshot), {});
    return {};
}

void ConfigurationStore::publish(std::shared_ptr<const model::Snapshot> snapshot,
                                 const model::Change& change) {
    publisher_.publish(std::move(snapshot));
    if (listener_) listener_(publisher_.current(), change);
}

Result<std::uint64_t> ConfigurationStore::apply(model::Change change, UtcTime now) {
    if (change.operations.empty())
        return refuse(ErrorCode::InvalidArgument, "operations", "there is nothing to do");
    for (auto& operation : change.operations) {
        const bool hashes =
            std::any_of(operation.declaration->fields.begin(), operation.declaration->fields.end(),
                        [](const auto& field) { return field.is_hashed; });
        if (!hashes || !operation.resource) continue;
        auto resource = operation.declaration->copy(operation.resource.get());
        if (auto hashed = hash_passwords(*operation.declaration, resource.get()); !hashed)
            return refuse(hashed);
        operation.resource = std::move(resource);
    }
    const std::lock_guard lock(writing_);
    auto applied = guarded([&]() -> Result<std::uint64_t> {
        if (const auto connected = connect(); !connected) return refuse(connected);
        if (const auto current = catch_up(); !current) return refuse(current);
        return commit(change, now);
    });
    // Whether a commit that failed was carried out is not known: start from what the database says.
    if (!applied &&
        (applied.error().code == ErrorCode::Unavailable || applied.error().code == ErrorCode::Internal))
        disconnect();
    return applied;
}

Result<std::uint64_t> ConfigurationStore::commit(const model::Change& change, UtcTime now) {
    model::SnapshotBuilder builder(*publisher_.current());
    Transaction transaction(*session_);
    auto done = carry_out(change, now, builder);
    if (!done) return refuse(done);
    for (const auto& operation : change.operations) {
        if (operation.resource) note_id(*operation.declaration, operation.key);
    }
    const auto counters = write_counters();
    transaction.commit();
    persisted_ = counters;
    const auto number = builder.so_far().change() + 1;
    publish(builder.build(number), {change.who, *std::move(done)});
    return number;
}

/// Within a transaction, as the number behind the last. Gives what was done, with what followed from it.
Result<std::vector<model::Operation>> ConfigurationStore::carry_out(const model::Change& change, UtcTime now,
                                                                    model::SnapshotBuilder& builder) {
    // The change log's key holds the number free of holes and doubles, whoever else writes.
    const auto number = builder.so_far().change() + 1;
    if (!rows_) rows_ = std::make_unique<RowWriter>(*session_, sealer_);
    rows_->discard();  // of a change that was refused halfway
    ChangeWriter writer(*rows_, builder, sealer_, settings_.realm, number, timestamp_text(now), change.who);
    for (const auto& operation : change.operations) {
        if (const auto done = writer.carry_out(operation); !done) return refuse(done);
    }
    rows_->flush();
    return std::move(writer).carried_out();
}

Result<std::shared_ptr<const model::Snapshot>> ConfigurationStore::would_be(const model::Change& change,
                                                                            UtcTime now) {
    const std::lock_guard lock(writing_);
    return guarded([&]() -> Result<std::shared_ptr<const model::Snapshot>> {
        if (const auto connected = connect(); !connected) return refuse(connected);
        if (const auto current = catch_up(); !current) return refuse(current);
        model::SnapshotBuilder builder(*publisher_.current());
        const Transaction never_committed(*session_);
        if (const auto done = carry_out(change, now, builder); !done) return refuse(done);
        return builder.build(builder.so_far().change() + 1);
    });
}

Result<std::shared_ptr<const model::Snapshot>> ConfigurationStore::as_of(std::uint64_t number) {
    auto snapshot = current();
    if (number == snapshot->change()) return snapshot;
    if (number > snapshot->change())
        return refuse(ErrorCode::NotFound, "Change", std::to_string(number) + " was not found");
    ChangeLogQuery query;
    query.first = number + 1;
    query.last = snapshot->change();
    query.newest_first = false;
    query.limit = kMostTakenBack;
    const auto since = find_changes(query);
    if (!since) return refuse(since);
    if (since->total > kMostTakenBack)
        return refuse(ErrorCode::Exhausted, "Change",
                      fmt::format("{} is more than {} changes back", number, kMostTakenBack));
    model::SnapshotBuilder builder(*snapshot);
    for (auto line = since->lines.rbegin(); line != since->lines.rend(); ++line) {
        const auto* declaration = model::declaration_named(line->kind);
        if (declaration == nullptr) continue;  // of a kind that does not exist any more
        auto resource = resource_of(*declaration, line->before ? *line->before : *line->after, sealer_);
        if (!resource) return refuse(resource);
        if (line->before)
            declaration->put(builder, *std::move(resource));
        else
            declaration->erase(builder, declaration->key_of(resource->get()));
    }
    return builder.build(number);
}

void ConfigurationStore::note_id(const model::Declaration& declaration, model::Key key) {
    if (declaration.is_association) return;
    const std::lock_guard lock(reserving_);
    auto& last = reserved_[declaration.index];
    last = std::max(last, key.first);
}

ConfigurationStore::Counters ConfigurationStore::write_counters() {
    Counters counters;
    {
        const std::lock_guard lock(reserving_);
        counters = reserved_;
    }
    for (const auto& declaration : model::declarations()) {
        if (counters[declaration.index] == persisted_[declaration.index]) continue;
        const auto last = static_cast<long long>(counters[declaration.index]);
        session_->soci() << "INSERT INTO id_counters (kind, last) VALUES (:kind, :last) "
                            "ON CONFLICT (kind) DO UPDATE SET last = excluded.last",
            soci::use(declaration.kind), soci::use(last);
    }
    return counters;
}

Result<std::vector<ChangeLogLine>> ConfigurationStore::change_log(std::uint64_t first, std::size_t limit) {
    const std::lock_guard lock(writing_);
    return guarded([&]() -> Result<std::vector<ChangeLogLine>> {
        if (const auto connected = connect(); !connected) return refuse(connected);
        const auto from = static_cast<long long>(first);
        const auto count = static_cast<long long>(limit);
        return lines_of(session_->soci(), "number >= :first ORDER BY number, position LIMIT :count",
                        [&](soci::statement& statement) {
                            statement.exchange(soci::use(from, "first"));
                            statement.exchange(soci::use(count, "count"));
                        });
    });
}

Result<FoundChanges> ConfigurationStore::find_changes(const ChangeLogQuery& query) {
    const std::lock_guard lock(writing_);
    return guarded([&]() -> Result<FoundChanges> {
        if (const auto connected = connect(); !connected) return refuse(connected);
        const auto first = static_cast<long long>(query.first);
        const auto last = static_cast<long long>(query.last);
        const auto limit = static_cast<long long>(query.limit);
        const auto offset = static_cast<long long>(query.offset);
        std::string conditions = "number >= :first AND number <= :last";
        if (!query.kind.empty()) conditions += " AND kind = :kind";
        if (!query.object.empty()) conditions += " AND object = :object";
        if (!query.who.empty()) conditions += " AND who = :who";
        const auto bind = [&](soci::statement& statement) {
            statement.exchange(soci::use(first, "first"));
            statement.exchange(soci::use(last, "last"));
            if (!query.kind.empty()) statement.exchange(soci::use(query.kind, "kind"));
            if (!query.object.empty()) statement.exchange(soci::use(query.object, "object"));
            if (!query.who.empty()) statement.exchange(soci::use(query.who, "who"));
        };

        FoundChanges found;
        long long total = 0;
        soci::statement counting(session_->soci());
        counting.exchange(soci::into(total));
        bind(counting);
        counting.alloc();
        counting.prepare("SELECT count(DISTINCT number) FROM change_log WHERE " + conditions);
        counting.define_and_bind();
        counting.execute(true);
        found.total = static_cast<std::uint64_t>(total);

        const std::string direction = query.newest_first ? " DESC" : "";
        auto lines = lines_of(session_->soci(),
                              "number IN (SELECT DISTINCT number FROM change_log WHERE " + conditions +
                                  " ORDER BY number" + direction +
                                  " LIMIT :limit OFFSET :offset) ORDER BY number" + direction + ", position",
                              [&](soci::statement& statement) {
                                  bind(statement);
                                  statement.exchange(soci::use(limit, "limit"));
                                  statement.exchange(soci::use(offset, "offset"));
                              });
        if (!lines) return refuse(lines);
        found.lines = *std::move(lines);
        return found;
    });
}

Result<std::vector<model::Operation>> ConfigurationStore::undo_of(std::uint64_t number) {
    ChangeLogQuery query;
    query.first = query.last = number;
    const auto found = find_changes(query);
    if (!found) return refuse(found);
    if (found->lines.empty())
        return refuse(ErrorCode::NotFound, "Change", std::to_string(number) + " was not found");

    // What a change touched more than once was at first what its first line says, and is in the end what its
    // last one says. What was made goes in the place of the first, after all that came to need it, and before
    // lets go, in that of the last, of what it came to need itself; what was erased comes back likewise.
    struct Span {
        const ChangeLogLine* first;
        const ChangeLogLine* last;
    };
    std::map<std::pair<std::string, std::string>, Span> touched;
    for (const auto& line : found->lines)
        touched.try_emplace({line.kind, line.object}, Span{&line, &line}).first->second.last = &line;
    struct Step {
        ChangeLogLine line;
        bool is_alone = false;   ///< Without what it names; the rest comes later.
        bool is_second = false;  ///< That rest.
    };
    std::vector<Step> steps;
    for (auto line = found->lines.rbegin(); line != found->lines.rend(); ++line) {
        const auto& [first, last] = touched.at({line->kind, line->object});
        const bool was_changed = first->before && last->after;
        const bool came_and_went = !first->before && !last->after;
        const bool is_in_two = !was_changed && first != last;
        if ((&*line != last && (was_changed || &*line != first)) || came_and_went) continue;
        steps.push_back({*line, is_in_two && &*line == last, is_in_two && &*line == first});
        steps.back().line.before = first->before;
        steps.back().line.after = last->after;
    }

    const auto snapshot = current();
    std::vector<model::Operation> operations;
    for (const auto& step : steps) {
        const auto* line = &step.line;
        const auto* declaration = model::declaration_named(line->kind);
        if (declaration == nullptr)
            return refuse(ErrorCode::Conflict, line->kind, "is a kind that does not exist any more");
        const auto& row = line->after ? line->after : line->before;
        const auto named = resource_of(*declaration, *row, sealer_);
        if (!named) return refuse(named);
        const auto key = declaration->key_of(named->get());
        const auto now = snapshot->find(*declaration, key);
        const bool untouched =
            line->after ? now != nullptr && declaration->same(now.get(), named->get()) : now == nullptr;
        if (!untouched)
            return refuse(ErrorCode::Conflict, line->kind, line->object + " was changed again since");
        model::AnyResource before;
        if (line->before) {
            auto was = resource_of(*declaration, *line->before, sealer_);
            if (!was) return refuse(was);
            before = *std::move(was);
        }
        if (step.is_alone) {
            model::AnyResource alone = without_references(*declaration, before ? before.get() : now.get());
            // What names nobody comes back as it was, or stays; what joins others waits for them.
            if (!alone && !declaration->is_association) alone = before;
            if (alone) operations.push_back({declaration, key, std::move(alone), now});
            continue;
        }
        if (step.is_second) {
            operations.push_back({declaration, key, std::move(before), nullptr});
            continue;
        }
        if (!before && declaration->may_go != nullptr) {
            // What was made with its associations leaves them first, as it may not go with them.
            if (auto alone = without_references(*declaration, now.get())) {
                operations.push_back({declaration, key, std::move(alone), now});
                operations.push_back({declaration, key, nullptr, nullptr});
                continue;
            }
        }
        operations.push_back({declaration, key, std::move(before), now});
    }
    return operations;
}

}  // namespace almon::store
