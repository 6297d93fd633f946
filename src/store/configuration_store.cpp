// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/configuration_store.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <soci/soci.h>

#include "base/digest_hash.hpp"
#include "model/snapshot.hpp"
#include "store/resource_rows.hpp"
#include "store/timestamp.hpp"

namespace almon::store {
namespace {

/// What the snapshot carries beyond the row: the hashes that digest authentication compares with.
template <class Resource>
void derive(Resource& resource, const std::string& realm) {
    if constexpr (std::is_same_v<Resource, model::EndpointSip>) {
        resource.a1_md5 = digest_a1(DigestAlgorithm::Md5, resource.username, realm, resource.secret);
        resource.a1_sha256 = digest_a1(DigestAlgorithm::Sha256, resource.username, realm, resource.secret);
    }
}

constexpr const char* kSealCheck = "almon";
constexpr const char* kCounterKinds[] = {"user", "line", "endpoint_sip", "extension", "context"};

const model::User* find(const model::Snapshot& snapshot, const model::User& r) {
    return snapshot.user(r.id);
}
const model::Line* find(const model::Snapshot& snapshot, const model::Line& r) {
    return snapshot.line(r.id);
}
const model::EndpointSip* find(const model::Snapshot& snapshot, const model::EndpointSip& r) {
    return snapshot.endpoint_sip(r.id);
}
const model::Extension* find(const model::Snapshot& snapshot, const model::Extension& r) {
    return snapshot.extension(r.id);
}
const model::Context* find(const model::Snapshot& snapshot, const model::Context& r) {
    return snapshot.context(r.id);
}
const model::UserLine* find(const model::Snapshot& snapshot, const model::UserLine& r) {
    return snapshot.user_line(r.user, r.line);
}
const model::LineExtension* find(const model::Snapshot& snapshot, const model::LineExtension& r) {
    return snapshot.line_extension(r.line, r.extension);
}

/// A resource of which only the key is set.
template <class Resource>
Resource named(Id<Resource> id) {
    Resource resource;
    resource.id = id;
    return resource;
}
const model::UserLine& named(const model::UserLine& link) {
    return link;
}
const model::LineExtension& named(const model::LineExtension& link) {
    return link;
}

template <class Resource>
Id<Resource> key_of(const Resource& resource) {
    return resource.id;
}
const model::UserLine& key_of(const model::UserLine& link) {
    return link;
}
const model::LineExtension& key_of(const model::LineExtension& link) {
    return link;
}

template <class Resource>
bool has_key(const Resource& resource) {
    return static_cast<bool>(resource.id);
}
bool has_key(const model::UserLine& link) {
    return link.user && link.line;
}
bool has_key(const model::LineExtension& link) {
    return link.line && link.extension;
}

/// Carries out a change's operations one by one on the session and on the next snapshot, within a transaction
/// that the caller commits or not.
class ChangeWriter final {
public:
    ChangeWriter(soci::session& session, model::SnapshotBuilder& builder, const Sealer& sealer,
                 const std::string& realm, std::uint64_t number, std::string time, std::string who)
        : session_(session),
          builder_(builder),
          sealer_(sealer),
          realm_(realm),
          number_(static_cast<long long>(number)),
          time_(std::move(time)),
          who_(std::move(who)) {}

    template <class Resource>
    Result<void> operator()(const model::Put<Resource>& operation) {
        Resource resource = operation.resource;
        if (!has_key(resource)) return refuse(ErrorCode::InvalidArgument, "id", "is missing");
        const Resource* old = find(builder_.so_far(), resource);
        const auto before = old ? std::optional(json_of(*old, sealer_)) : std::nullopt;
        auto cells = cells_of(resource, sealer_);
        if (const auto sound = check_texts<Resource>(cells); !sound) return sound;
        write_row<Resource>(session_, cells);
        write_line(Table<Resource>::kKind, object_of(resource), before, json_of(resource, sealer_));
        derive(resource, realm_);
        builder_.put(std::move(resource));
        return {};
    }

    template <class Key>
    Result<void> operator()(const model::Erase<Key>& operation) {
        const auto& resource = named(operation.key);
        using Resource = std::decay_t<decltype(resource)>;
        const Resource* old = find(builder_.so_far(), resource);
        if (!old)
            return refuse(ErrorCode::NotFound, Table<Resource>::kKind,
                          object_of(resource) + " does not exist");
        delete_row<Resource>(session_, resource);
        write_line(Table<Resource>::kKind, object_of(resource), json_of(*old, sealer_), std::nullopt);
        builder_.erase(key_of(resource));
        return {};
    }

private:
    void write_line(const std::string& kind, const std::string& object,
                    const std::optional<std::string>& before, const std::optional<std::string>& after) {
        const auto indicator = [](const auto& text) { return text ? soci::i_ok : soci::i_null; };
        auto before_indicator = indicator(before);
        auto after_indicator = indicator(after);
        std::string before_text = before.value_or("");
        std::string after_text = after.value_or("");
        session_
            << "INSERT INTO change_log (number, position, time, who, kind, object, before, after) VALUES "
               "(:number, :position, :time, :who, :kind, :object, :before, :after)",
            soci::use(number_), soci::use(position_), soci::use(time_), soci::use(who_), soci::use(kind),
            soci::use(object), soci::use(before_text, before_indicator),
            soci::use(after_text, after_indicator);
        ++position_;
    }

    soci::session& session_;
    model::SnapshotBuilder& builder_;
    const Sealer& sealer_;
    const std::string& realm_;
    long long number_;
    int position_ = 0;
    std::string time_;
    std::string who_;
};

}  // namespace

ConfigurationStore::ConfigurationStore(ConfigurationStoreSettings settings, Sealer sealer,
                                       model::SnapshotPublisher& publisher)
    : publisher_(publisher), settings_(std::move(settings)), sealer_(std::move(sealer)) {}

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
        auto snapshot = store->load();
        if (!snapshot) return refuse(snapshot);
        publisher.publish(*std::move(snapshot));
        return store;
    });
}

std::uint64_t ConfigurationStore::reserve_number(std::size_t counter) {
    const std::lock_guard lock(reserving_);
    return ++reserved_[counter];
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
    Counters last{};
    Result<void> outcome;
    const auto load_table = [&]<class Resource>(std::type_identity<Resource>) {
        if (!outcome) return;
        outcome = read_rows<Resource>(session, sealer_, [&](Resource resource) {
            derive(resource, settings_.realm);
            if constexpr (requires { Kind<Resource>::kCounter; })
                last[Kind<Resource>::kCounter] = std::max(last[Kind<Resource>::kCounter], resource.id.value);
            builder.put(std::move(resource));
        });
    };
    load_table(std::type_identity<model::Context>{});
    load_table(std::type_identity<model::User>{});
    load_table(std::type_identity<model::EndpointSip>{});
    load_table(std::type_identity<model::Line>{});
    load_table(std::type_identity<model::Extension>{});
    load_table(std::type_identity<model::UserLine>{});
    load_table(std::type_identity<model::LineExtension>{});
    if (!outcome) return refuse(outcome);

    for (std::size_t counter = 0; counter < kCounters; ++counter) {
        long long stored = 0;
        const std::string kind = kCounterKinds[counter];
        session << "SELECT last FROM id_counters WHERE kind = :kind", soci::use(kind), soci::into(stored);
        last[counter] = std::max(last[counter], static_cast<std::uint64_t>(stored));
    }
    long long number = 0;
    session << "SELECT coalesce(max(number), 0) FROM change_log", soci::into(number);
    transaction.commit();

    const std::lock_guard lock(reserving_);
    persisted_ = last;
    for (std::size_t counter = 0; counter < kCounters; ++counter)
        reserved_[counter] = std::max(reserved_[counter], last[counter]);
    return builder.build(static_cast<std::uint64_t>(number));
}

/// Reads anew what somebody else wrote, or what we committed without being told so.
Result<void> ConfigurationStore::catch_up() {
    long long number = 0;
    session_->soci() << "SELECT coalesce(max(number), 0) FROM change_log", soci::into(number);
    if (static_cast<std::uint64_t>(number) == publisher_.current()->change()) return {};
    auto snapshot = load();
    if (!snapshot) return refuse(snapshot);
    publisher_.publish(*std::move(snapshot));
    return {};
}

Result<std::uint64_t> ConfigurationStore::apply(const model::Change& change, UtcTime now) {
    if (change.operations.empty())
        return refuse(ErrorCode::InvalidArgument, "operations", "there is nothing to do");
    const std::lock_guard lock(writing_);
    auto applied = guarded([&]() -> Result<std::uint64_t> {
        if (const auto connected = connect(); !connected) return refuse(connected);
        if (const auto current = catch_up(); !current) return refuse(current);
        return commit(change, now);
    });
    // Whether a commit that failed was carried out is not known: start from what the database says.
    if (!applied &&
        (applied.error().code == ErrorCode::Unavailable || applied.error().code == ErrorCode::Internal))
        session_.reset();
    return applied;
}

Result<std::uint64_t> ConfigurationStore::commit(const model::Change& change, UtcTime now) {
    const auto current = publisher_.current();
    const auto number = current->change() + 1;
    model::SnapshotBuilder builder(*current);
    Transaction transaction(*session_);
    // The change log's key holds the number free of holes and doubles, whoever else writes.
    ChangeWriter writer(session_->soci(), builder, sealer_, settings_.realm, number, timestamp_text(now),
                        change.who);
    for (const auto& operation : change.operations) {
        if (const auto written = std::visit(writer, operation); !written) return refuse(written);
        std::visit([this](const auto& put_or_erase) { note_id(put_or_erase); }, operation);
    }
    const auto counters = write_counters();
    transaction.commit();
    persisted_ = counters;
    publisher_.publish(builder.build(number));
    return number;
}

template <class Resource>
void ConfigurationStore::note_id(const model::Put<Resource>& operation) {
    if constexpr (requires { Kind<Resource>::kCounter; }) {
        const std::lock_guard lock(reserving_);
        auto& last = reserved_[Kind<Resource>::kCounter];
        last = std::max(last, operation.resource.id.value);
    }
}

ConfigurationStore::Counters ConfigurationStore::write_counters() {
    Counters counters;
    {
        const std::lock_guard lock(reserving_);
        counters = reserved_;
    }
    for (std::size_t counter = 0; counter < kCounters; ++counter) {
        if (counters[counter] == persisted_[counter]) continue;
        const std::string kind = kCounterKinds[counter];
        const auto last = static_cast<long long>(counters[counter]);
        session_->soci() << "INSERT INTO id_counters (kind, last) VALUES (:kind, :last) "
                            "ON CONFLICT (kind) DO UPDATE SET last = excluded.last",
            soci::use(kind), soci::use(last);
    }
    return counters;
}

Result<std::vector<ChangeLogLine>> ConfigurationStore::change_log(std::uint64_t first, std::size_t limit) {
    const std::lock_guard lock(writing_);
    return guarded([&]() -> Result<std::vector<ChangeLogLine>> {
        if (const auto connected = connect(); !connected) return refuse(connected);
        const auto from = static_cast<long long>(first);
        const auto count = static_cast<long long>(limit);
        long long number = 0;
        std::string time, before, after;
        soci::indicator before_indicator = soci::i_ok, after_indicator = soci::i_ok;
        ChangeLogLine line;
        soci::statement statement =
            (session_->soci().prepare
                 << "SELECT number, position, time, who, kind, object, before, after FROM change_log "
                    "WHERE number >= :first ORDER BY number, position LIMIT :count",
             soci::use(from), soci::use(count), soci::into(number), soci::into(line.position),
             soci::into(time), soci::into(line.who), soci::into(line.kind), soci::into(line.object),
             soci::into(before, before_indicator), soci::into(after, after_indicator));
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
    });
}

}  // namespace almon::store
