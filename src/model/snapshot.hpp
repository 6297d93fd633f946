// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "model/context.hpp"
#include "model/declaration.hpp"
#include "model/endpoint_sip.hpp"
#include "model/extension.hpp"
#include "model/id_table.hpp"
#include "model/line.hpp"
#include "model/shared_map.hpp"
#include "model/user.hpp"

namespace almon::model {

/// Who names a resource, and by which of its members.
struct Referrer {
    const Declaration* kind = nullptr;
    const Field* field = nullptr;
    Key key;

    friend bool operator==(const Referrer&, const Referrer&) noexcept = default;
    friend bool operator<(const Referrer& a, const Referrer& b) noexcept {
        return std::tuple(a.kind->index, a.field, a.key) < std::tuple(b.kind->index, b.field, b.key);
    }
};

/// The whole configuration at one change number: immutable, shared by everybody who reads, published
/// atomically. Built from the previous one by SnapshotBuilder; what did not change is shared. All look-ups
/// are O(log n) or better and allocate nothing; what they return lives as long as the snapshot.
class Snapshot final {
public:
    Snapshot();
    /// The configuration of a system in which nothing was ever saved: change 0.
    [[nodiscard]] static std::shared_ptr<const Snapshot> empty();

    /// The number of the last change it contains.
    [[nodiscard]] std::uint64_t change() const noexcept { return change_; }

    // By name, as calls look things up

    [[nodiscard]] const User* user(UserId id) const noexcept { return find(id); }
    [[nodiscard]] const Line* line(LineId id) const noexcept { return find(id); }
    [[nodiscard]] const EndpointSip* endpoint_sip(EndpointSipId id) const noexcept { return find(id); }
    [[nodiscard]] const Extension* extension(ExtensionId id) const noexcept { return find(id); }
    [[nodiscard]] const Context* context(ContextId id) const noexcept { return find(id); }
    [[nodiscard]] const Context* context(std::string_view name) const noexcept;

    [[nodiscard]] const User* user_by_uuid(std::string_view uuid) const noexcept;
    [[nodiscard]] const EndpointSip* endpoint_sip_by_username(std::string_view username) const noexcept;
    /// Exactly this number in exactly this context; includes are the resolver's business.
    [[nodiscard]] const Extension* extension_in(std::string_view context,
                                                std::string_view exten) const noexcept;
    [[nodiscard]] const Line* line_of_endpoint(EndpointSipId endpoint) const noexcept;
    /// The main user first.
    [[nodiscard]] const std::vector<UserId>& users_of_line(LineId line) const noexcept;
    /// The main line first, then by position.
    [[nodiscard]] const std::vector<LineId>& lines_of_user(UserId user) const noexcept;
    /// All lines that ring when the number is dialled.
    [[nodiscard]] const std::vector<LineId>& lines_of_extension(ExtensionId extension) const noexcept;
    /// The main extension first.
    [[nodiscard]] const std::vector<LineExtension>& extensions_of_line(LineId line) const noexcept;
    /// The line's main number; null where it has none.
    [[nodiscard]] const Extension* main_extension_of_line(LineId line) const noexcept;
    [[nodiscard]] const UserLine* user_line(UserId user, LineId line) const noexcept;
    [[nodiscard]] const LineExtension* line_extension(LineId line, ExtensionId extension) const noexcept;

    // Any kind

    template <class Resource>
    [[nodiscard]] const Resource* find(Id<Resource> id) const noexcept {
        const auto* stored = tables_[declaring::index_of<Resource>].by_id.find(id.value);
        return stored ? static_cast<const Resource*>(stored->resource.get()) : nullptr;
    }
    /// The id of the resource whose unique `field` has this value; 0: there is none.
    template <class Resource>
    [[nodiscard]] std::uint64_t id_by(std::string_view field, std::string_view value) const noexcept {
        return id_by(declaration_of<Resource>(), field, value);
    }
    /// visitor(resource), by ascending id.
    template <class Resource, class Visitor>
    void for_each(Visitor&& visitor) const {
        tables_[declaring::index_of<Resource>].by_id.for_each([&](std::uint64_t, const Stored& stored) {
            visitor(*static_cast<const Resource*>(stored.resource.get()));
        });
    }
    /// Sorted by id. It allocates: for lists and reports, not for the call path.
    template <class Resource>
    [[nodiscard]] std::vector<const Resource*> all() const {
        std::vector<const Resource*> all;
        all.reserve(tables_[declaring::index_of<Resource>].by_id.size());
        for_each<Resource>([&](const Resource& resource) { all.push_back(&resource); });
        return all;
    }

    // Who names whom

    /// By kind, member and key.
    [[nodiscard]] const std::vector<Referrer>& referrers(const Reference& named) const noexcept;
    template <class Resource>
    [[nodiscard]] const std::vector<Referrer>& referrers(Id<Resource> id) const noexcept {
        return referrers(Reference{&declaration_of<Resource>(), id.value});
    }
    /// visitor(resource): every `From` that names `id`, by whichever member. One that gives false ends it.
    template <class From, class To, class Visitor>
    void for_each_naming(Id<To> id, Visitor&& visitor) const {
        const auto& kind = declaration_of<From>();
        Key last;
        for (const Referrer& referrer : referrers(id)) {
            if (referrer.kind != &kind || referrer.key == last) continue;
            last = referrer.key;
            const auto& resource = *static_cast<const From*>(find(kind, referrer.key).get());
            if constexpr (std::is_void_v<decltype(visitor(resource))>)
                visitor(resource);
            else if (!visitor(resource))
                return;
        }
    }
    /// The first `From` that names `id`; null: nobody does.
    template <class From, class To>
    [[nodiscard]] const From* first_naming(Id<To> id) const {
        const From* first = nullptr;
        for_each_naming<From>(id, [&](const From& from) {
            first = &from;
            return false;
        });
        return first;
    }

    // Any kind, named by its declaration alone

    struct Stored {
        AnyResource resource;
        std::string search_form;  ///< Of its searched fields, each ended by a line feed.
    };
    [[nodiscard]] AnyResource find(const Declaration& declaration, Key key) const;
    [[nodiscard]] bool has(const Reference& named) const {
        return tables_[named.kind->index].by_id.find(named.id) != nullptr;
    }
    [[nodiscard]] std::uint64_t id_by(const Declaration& declaration, std::string_view field,
                                      std::string_view value) const noexcept;
    [[nodiscard]] std::size_t count(const Declaration& declaration) const noexcept;
    /// visitor(key, resource): resources by ascending id, associations in no particular order.
    template <class Visitor>
    void for_each(const Declaration& declaration, Visitor&& visitor) const {
        const auto& table = tables_[declaration.index];
        table.by_id.for_each([&](std::uint64_t id, const Stored& stored) {
            visitor(Key{id, 0}, stored.resource);
        });
        table.by_pair.for_each(visitor);
    }
    /// Resources of a kind by ascending id, with what searches look into.
    [[nodiscard]] const IdTable<Stored>& stored(const Declaration& declaration) const noexcept {
        return tables_[declaration.index].by_id;
    }

private:
    friend class SnapshotBuilder;

    using IdByText = SharedMap<std::string, std::uint64_t, std::string_view>;
    struct Unique {
        const Field* field;
        IdByText ids;
    };
    /// All of one kind: by id, or by what an association joins.
    struct Table {
        IdTable<Stored> by_id;
        SharedMap<Key, AnyResource> by_pair;
        std::vector<Unique> unique;
        SharedMap<std::uint64_t, std::vector<Referrer>> referrers;
    };
    using ByNumber = SharedMap<std::pair<std::string, std::string>, ExtensionId,
                               std::pair<std::string_view, std::string_view>>;

    struct LinksOfUser {
        std::vector<UserLine> lines;
        std::vector<LineId> line_ids;  ///< Of `lines`, in the same order; so in the others.
    };
    struct LinksOfLine {
        std::vector<UserLine> users;
        std::vector<UserId> user_ids;
        std::vector<LineExtension> extensions;  ///< The main extension first.
    };
    struct LinksOfExtension {
        std::vector<LineExtension> lines;
        std::vector<LineId> line_ids;
    };

    std::vector<Table> tables_;  ///< By Declaration::index.
    ByNumber extensions_by_number_;
    SharedMap<UserId, LinksOfUser> links_of_user_;
    SharedMap<LineId, LinksOfLine> links_of_line_;
    SharedMap<ExtensionId, LinksOfExtension> links_of_extension_;
    std::uint64_t change_ = 0;
};

/// The next snapshot out of the previous one. Adding what is there replaces it; erasing a resource also takes
/// its associations away; what is put is not checked against the rest, as the store has done so.
class SnapshotBuilder final {
public:
    explicit SnapshotBuilder(const Snapshot& previous);

    template <class Resource>
    void put(Resource resource) {
        put(std::make_shared<const Resource>(std::move(resource)));
    }
    template <class Resource>
    void put(std::shared_ptr<const Resource> resource) {
        unlink(*resource);
        const auto& declaration = declaration_of<Resource>();
        store(declaration, declaring::key_of(*resource), resource);
        link(*resource);
    }
    /// What is not there is erased already.
    template <class Resource>
    void erase(Key key) {
        const auto old = so_far().find(declaration_of<Resource>(), key);
        if (!old) return;
        let_go(*static_cast<const Resource*>(old.get()));
        remove(declaration_of<Resource>(), key);
    }
    template <class Resource>
    void erase(Id<Resource> id) {
        erase<Resource>(Key{id.value, 0});
    }

    /// What the next snapshot holds by now; to be read by the builder's own thread only.
    [[nodiscard]] const Snapshot& so_far() const noexcept { return *next_; }
    /// What was put so far, as a snapshot that contains the changes up to `change`. The builder is used up.
    [[nodiscard]] std::shared_ptr<const Snapshot> build(std::uint64_t change);

private:
    void store(const Declaration& declaration, Key key, AnyResource resource);
    void remove(const Declaration& declaration, Key key);

    // What special look-ups need. unlink(): `next` is about to take the place of what has its key. link(): it
    // has. let_go(): it is about to be erased.
    template <class Resource>
    void unlink(const Resource&) {}
    template <class Resource>
    void link(const Resource&) {}
    template <class Resource>
    void let_go(const Resource&) {}
    void unlink(const Extension& next);
    void link(const Line& line);
    void link(const Extension& extension);
    void link(const UserLine& link);
    void link(const LineExtension& link);
    void let_go(const User& user);
    void let_go(const Line& line);
    void let_go(const Extension& extension);
    void let_go(const UserLine& link);
    void let_go(const LineExtension& link);

    void note_references(const Declaration& declaration, Key key, const void* before, const void* after);
    void order_lines_of(UserId user);

    Edition edition_;
    std::shared_ptr<Snapshot> next_;
};

}  // namespace almon::model
