// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/snapshot.hpp"

#include <algorithm>
#include <atomic>
#include <tuple>

#include "base/utf8.hpp"

namespace almon::model {
namespace {

template <class Links, class Id>
const std::vector<Id>& ids_in(const Links* links, std::vector<Id> Links::*ids) noexcept {
    static const std::vector<Id> none;
    return links ? links->*ids : none;
}

bool joins_same(const UserLine& a, const UserLine& b) noexcept {
    return a.user == b.user && a.line == b.line;
}
bool joins_same(const LineExtension& a, const LineExtension& b) noexcept {
    return a.line == b.line && a.extension == b.extension;
}

template <class Link>
void put_link(std::vector<Link>& links, const Link& link) {
    const auto same =
        std::find_if(links.begin(), links.end(), [&](const Link& other) { return joins_same(link, other); });
    if (same == links.end())
        links.push_back(link);
    else
        *same = link;
}
template <class Link>
void erase_link(std::vector<Link>& links, const Link& link) {
    std::erase_if(links, [&](const Link& other) { return joins_same(link, other); });
}

template <class Link, class Id>
std::vector<Id> ids_of(const std::vector<Link>& links, Id Link::*id) {
    std::vector<Id> ids;
    ids.reserve(links.size());
    for (const Link& link : links)
        ids.push_back(link.*id);
    return ids;
}

std::pair<std::string_view, std::string_view> number_of(const Extension& extension) noexcept {
    return {extension.context, extension.exten};
}

/// Takes a name out of an index, unless another resource took it over within the same change.
template <class Map, class Name, class Owner>
void forget(Map& map, Edition edition, const Name& name, Owner owner) {
    const auto* found = map.find(name);
    if (found && *found == owner) map.erase(edition, name);
}

std::string text_in(const Field& field, const void* resource) {
    const auto value = field.get(resource);
    return value.is_string() ? std::string(value.get_string()) : std::string();
}

/// Everybody a resource names, with the member that does.
std::vector<std::pair<Reference, const Field*>> references_of(const Declaration& declaration,
                                                              const void* resource) {
    std::vector<std::pair<Reference, const Field*>> named;
    if (resource == nullptr) return named;
    for (const auto& field : declaration.fields) {
        if (field.refers())
            field.refer(resource, [&](const Reference& one) { named.emplace_back(one, &field); });
    }
    return named;
}

std::string search_form_of(const Declaration& declaration, const void* resource) {
    std::string found_by;
    for (const auto& field : declaration.fields) {
        if (!field.is_searched) continue;
        found_by += text_in(field, resource);
        found_by += '\n';
    }
    return search_form(found_by);
}

Edition next_edition() noexcept {
    static std::atomic<Edition> last{0};
    return ++last;
}

}  // namespace

std::shared_ptr<const Snapshot> Snapshot::empty() {
    static const auto empty = [] {
        SnapshotBuilder builder{Snapshot()};
        for (const auto& declaration : declarations()) {
            for (const auto& resource : declaration.initial)
                declaration.put(builder, resource);
        }
        return builder.build(0);
    }();
    return empty;
}

Snapshot::Snapshot() : tables_(declarations().size()) {
    for (const auto& declaration : declarations()) {
        for (const auto& field : declaration.fields) {
            if (field.is_unique) tables_[declaration.index].unique.push_back({&field, {}});
        }
    }
}

AnyResource Snapshot::find(const Declaration& declaration, Key key) const {
    const auto& table = tables_[declaration.index];
    if (declaration.is_association) {
        const auto* found = table.by_pair.find(key);
        return found ? *found : nullptr;
    }
    const auto* found = table.by_id.find(key.first);
    return found ? found->resource : nullptr;
}

std::uint64_t Snapshot::id_by(const Declaration& declaration, std::string_view field,
                              std::string_view value) const noexcept {
    for (const auto& unique : tables_[declaration.index].unique) {
        if (unique.field->name != field) continue;
        const auto* found = unique.ids.find(value);
        return found ? *found : 0;
    }
    return 0;
}

std::size_t Snapshot::count(const Declaration& declaration) const noexcept {
    const auto& table = tables_[declaration.index];
    return declaration.is_association ? table.by_pair.size() : table.by_id.size();
}

const Context* Snapshot::context(std::string_view name) const noexcept {
    return find(ContextId{id_by<Context>("name", name)});
}
const User* Snapshot::user_by_uuid(std::string_view uuid) const noexcept {
    return find(UserId{id_by<User>("uuid", uuid)});
}
const EndpointSip* Snapshot::endpoint_sip_by_username(std::string_view username) const noexcept {
    return find(EndpointSipId{id_by<EndpointSip>("username", username)});
}
const Extension* Snapshot::extension_in(std::string_view context, std::string_view exten) const noexcept {
    const auto* found = extensions_by_number_.find({context, exten});
    return found ? find(*found) : nullptr;
}
const std::vector<Referrer>& Snapshot::referrers(const Reference& named) const noexcept {
    static const std::vector<Referrer> none;
    const auto* found = tables_[named.kind->index].referrers.find(named.id);
    return found ? *found : none;
}
const Line* Snapshot::line_of_endpoint(EndpointSipId endpoint) const noexcept {
    return first_naming<Line>(endpoint);
}
const std::vector<UserId>& Snapshot::users_of_line(LineId line) const noexcept {
    return ids_in(links_of_line_.find(line), &LinksOfLine::user_ids);
}
const std::vector<LineId>& Snapshot::lines_of_user(UserId user) const noexcept {
    return ids_in(links_of_user_.find(user), &LinksOfUser::line_ids);
}
const std::vector<LineId>& Snapshot::lines_of_extension(ExtensionId extension) const noexcept {
    return ids_in(links_of_extension_.find(extension), &LinksOfExtension::line_ids);
}
const std::vector<LineExtension>& Snapshot::extensions_of_line(LineId line) const noexcept {
    return ids_in(links_of_line_.find(line), &LinksOfLine::extensions);
}
const Extension* Snapshot::main_extension_of_line(LineId line) const noexcept {
    const auto* links = links_of_line_.find(line);
    if (!links || links->extensions.empty() || !links->extensions.front().main_extension) return nullptr;
    return extension(links->extensions.front().extension);
}
const UserLine* Snapshot::user_line(UserId user, LineId line) const noexcept {
    const auto* found = tables_[declaring::index_of<UserLine>].by_pair.find(Key{user.value, line.value});
    return found ? static_cast<const UserLine*>(found->get()) : nullptr;
}
const LineExtension* Snapshot::line_extension(LineId line, ExtensionId extension) const noexcept {
    const auto* found =
        tables_[declaring::index_of<LineExtension>].by_pair.find(Key{line.value, extension.value});
    return found ? static_cast<const LineExtension*>(found->get()) : nullptr;
}

SnapshotBuilder::SnapshotBuilder(const Snapshot& previous)
    : edition_(next_edition()), next_(std::make_shared<Snapshot>(previous)) {}

void SnapshotBuilder::store(const Declaration& declaration, Key key, AnyResource resource) {
    auto& table = next_->tables_[declaration.index];
    note_references(declaration, key, next_->find(declaration, key).get(), resource.get());
    if (declaration.is_association) {
        table.by_pair.put(edition_, key, std::move(resource));
        return;
    }
    const auto* old = table.by_id.find(key.first);
    for (auto& unique : table.unique) {
        const auto now = text_in(*unique.field, resource.get());
        if (old) {
            const auto before = text_in(*unique.field, old->resource.get());
            if (before == now) continue;
            forget(unique.ids, edition_, before, key.first);
        }
        if (!now.empty()) unique.ids.put(edition_, now, key.first);
    }
    auto found_by = search_form_of(declaration, resource.get());
    table.by_id.put(edition_, key.first, {std::move(resource), std::move(found_by)});
}

void SnapshotBuilder::remove(const Declaration& declaration, Key key) {
    auto& table = next_->tables_[declaration.index];
    note_references(declaration, key, next_->find(declaration, key).get(), nullptr);
    if (declaration.is_association) {
        table.by_pair.erase(edition_, key);
        return;
    }
    for (auto& unique : table.unique)
        forget(unique.ids, edition_, text_in(*unique.field, table.by_id.find(key.first)->resource.get()),
               key.first);
    table.by_id.erase(edition_, key.first);
}

void SnapshotBuilder::note_references(const Declaration& declaration, Key key, const void* before,
                                      const void* after) {
    const auto was = references_of(declaration, before);
    const auto is = references_of(declaration, after);
    if (was == is) return;
    const auto referrers_of = [&](const Reference& named) -> std::vector<Referrer>& {
        return next_->tables_[named.kind->index].referrers.edit(edition_, named.id);
    };
    for (const auto& [named, field] : was) {
        auto& all = referrers_of(named);
        const Referrer one{&declaration, field, key};
        const auto found = std::lower_bound(all.begin(), all.end(), one);
        if (found != all.end() && *found == one) all.erase(found);
    }
    for (const auto& [named, field] : is) {
        auto& all = referrers_of(named);
        const Referrer one{&declaration, field, key};
        const auto found = std::lower_bound(all.begin(), all.end(), one);
        if (found == all.end() || one < *found) all.insert(found, one);
    }
}

void SnapshotBuilder::link(const Line& line) {
    // Its position may have changed. Iterate over a copy: ordering edits the very tables.
    for (const UserId user : std::vector<UserId>(next_->users_of_line(line.id)))
        order_lines_of(user);
}

void SnapshotBuilder::unlink(const Extension& next) {
    if (const Extension* old = next_->extension(next.id))
        forget(next_->extensions_by_number_, edition_, number_of(*old), old->id);
}

void SnapshotBuilder::link(const Extension& extension) {
    next_->extensions_by_number_.put(edition_, {extension.context, extension.exten}, extension.id);
}

void SnapshotBuilder::link(const UserLine& link) {
    put_link(next_->links_of_user_.edit(edition_, link.user).lines, link);
    order_lines_of(link.user);

    auto& links = next_->links_of_line_.edit(edition_, link.line);
    put_link(links.users, link);
    std::sort(links.users.begin(), links.users.end(), [](const UserLine& a, const UserLine& b) {
        return std::tuple(!a.main_user, a.user) < std::tuple(!b.main_user, b.user);
    });
    links.user_ids = ids_of(links.users, &UserLine::user);
}

void SnapshotBuilder::link(const LineExtension& link) {
    auto& of_line = next_->links_of_line_.edit(edition_, link.line).extensions;
    put_link(of_line, link);
    std::sort(of_line.begin(), of_line.end(), [](const LineExtension& a, const LineExtension& b) {
        return std::tuple(!a.main_extension, a.extension) < std::tuple(!b.main_extension, b.extension);
    });

    auto& of_extension = next_->links_of_extension_.edit(edition_, link.extension);
    put_link(of_extension.lines, link);
    std::sort(of_extension.lines.begin(), of_extension.lines.end(),
              [](const LineExtension& a, const LineExtension& b) { return a.line < b.line; });
    of_extension.line_ids = ids_of(of_extension.lines, &LineExtension::line);
}

void SnapshotBuilder::let_go(const User& user) {
    for (const LineId line : std::vector<LineId>(next_->lines_of_user(user.id)))
        erase<UserLine>(Key{user.id.value, line.value});
}

void SnapshotBuilder::let_go(const Line& line) {
    for (const UserId user : std::vector<UserId>(next_->users_of_line(line.id)))
        erase<UserLine>(Key{user.value, line.id.value});
    for (const LineExtension& link : std::vector<LineExtension>(next_->extensions_of_line(line.id)))
        erase<LineExtension>(link.key());
}

void SnapshotBuilder::let_go(const Extension& extension) {
    for (const LineId line : std::vector<LineId>(next_->lines_of_extension(extension.id)))
        erase<LineExtension>(Key{line.value, extension.id.value});
    forget(next_->extensions_by_number_, edition_, number_of(extension), extension.id);
}

void SnapshotBuilder::let_go(const UserLine& link) {
    auto& of_user = next_->links_of_user_.edit(edition_, link.user);
    erase_link(of_user.lines, link);
    of_user.line_ids = ids_of(of_user.lines, &UserLine::line);
    auto& of_line = next_->links_of_line_.edit(edition_, link.line);
    erase_link(of_line.users, link);
    of_line.user_ids = ids_of(of_line.users, &UserLine::user);
}

void SnapshotBuilder::let_go(const LineExtension& link) {
    erase_link(next_->links_of_line_.edit(edition_, link.line).extensions, link);
    auto& of_extension = next_->links_of_extension_.edit(edition_, link.extension);
    erase_link(of_extension.lines, link);
    of_extension.line_ids = ids_of(of_extension.lines, &LineExtension::line);
}

void SnapshotBuilder::order_lines_of(UserId user) {
    auto& links = next_->links_of_user_.edit(edition_, user);
    const auto rank = [&](const UserLine& link) {
        const Line* line = next_->line(link.line);
        return std::tuple(!link.main_line, line ? line->position : 0, link.line);
    };
    std::sort(links.lines.begin(), links.lines.end(),
              [&](const UserLine& a, const UserLine& b) { return rank(a) < rank(b); });
    links.line_ids = ids_of(links.lines, &UserLine::line);
}

std::shared_ptr<const Snapshot> SnapshotBuilder::build(std::uint64_t change) {
    next_->change_ = change;
    return std::exchange(next_, nullptr);
}

}  // namespace almon::model
