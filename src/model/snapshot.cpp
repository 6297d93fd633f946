// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/snapshot.hpp"

#include <algorithm>
#include <atomic>
#include <tuple>

namespace almon::model {
namespace {

template <class Map, class Key>
auto resource_in(const Map& map, const Key& key) noexcept -> decltype(map.find(key)->get()) {
    const auto* found = map.find(key);
    return found ? found->get() : nullptr;
}

template <class Links, class Id>
const std::vector<Id>& ids_in(const Links* links, std::vector<Id> Links::*ids) noexcept {
    static const std::vector<Id> none;
    return links ? links->*ids : none;
}

template <class Resource, class Map>
std::vector<const Resource*> sorted(const Map& map) {
    std::vector<const Resource*> all;
    all.reserve(map.size());
    map.for_each([&](const auto&, const auto& resource) { all.push_back(resource.get()); });
    std::sort(all.begin(), all.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
    return all;
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

/// Takes a name out of an index, unless another resource took it over within the same change.
template <class Map, class Key, class Id>
void erase_name(Map& map, Edition edition, const Key& name, Id owner) {
    const auto* found = map.find(name);
    if (found && (*found)->id == owner) map.erase(edition, name);
}

std::pair<std::string_view, std::string_view> number_of(const Extension& extension) noexcept {
    return {extension.context, extension.exten};
}

Edition next_edition() noexcept {
    static std::atomic<Edition> last{0};
    return ++last;
}

}  // namespace

std::shared_ptr<const Snapshot> Snapshot::empty() {
    static const auto empty = std::make_shared<const Snapshot>();
    return empty;
}

const User* Snapshot::user(UserId id) const noexcept {
    return resource_in(users_, id);
}
const Line* Snapshot::line(LineId id) const noexcept {
    return resource_in(lines_, id);
}
const EndpointSip* Snapshot::endpoint_sip(EndpointSipId id) const noexcept {
    return resource_in(endpoints_sip_, id);
}
const Extension* Snapshot::extension(ExtensionId id) const noexcept {
    return resource_in(extensions_, id);
}
const Context* Snapshot::context(ContextId id) const noexcept {
    return resource_in(contexts_, id);
}
const Context* Snapshot::context(std::string_view name) const noexcept {
    return resource_in(contexts_by_name_, name);
}
const User* Snapshot::user_by_uuid(std::string_view uuid) const noexcept {
    return resource_in(users_by_uuid_, uuid);
}
const EndpointSip* Snapshot::endpoint_sip_by_username(std::string_view username) const noexcept {
    return resource_in(endpoints_sip_by_username_, username);
}
const Extension* Snapshot::extension_in(std::string_view context, std::string_view exten) const noexcept {
    return resource_in(extensions_by_number_, std::pair{context, exten});
}
const Line* Snapshot::line_of_endpoint(EndpointSipId endpoint) const noexcept {
    const LineId* found = line_of_endpoint_.find(endpoint);
    return found ? line(*found) : nullptr;
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
const Extension* Snapshot::main_extension_of_line(LineId line) const noexcept {
    const auto* links = links_of_line_.find(line);
    if (!links || links->extensions.empty() || !links->extensions.front().main_extension) return nullptr;
    return extension(links->extensions.front().extension);
}
const UserLine* Snapshot::user_line(UserId user, LineId line) const noexcept {
    const auto* links = links_of_user_.find(user);
    if (!links) return nullptr;
    const auto link = std::find_if(links->lines.begin(), links->lines.end(),
                                   [&](const UserLine& candidate) { return candidate.line == line; });
    return link == links->lines.end() ? nullptr : &*link;
}
const LineExtension* Snapshot::line_extension(LineId line, ExtensionId extension) const noexcept {
    const auto* links = links_of_line_.find(line);
    if (!links) return nullptr;
    const auto link =
        std::find_if(links->extensions.begin(), links->extensions.end(),
                     [&](const LineExtension& candidate) { return candidate.extension == extension; });
    return link == links->extensions.end() ? nullptr : &*link;
}

std::vector<const User*> Snapshot::users() const {
    return sorted<User>(users_);
}
std::vector<const Line*> Snapshot::lines() const {
    return sorted<Line>(lines_);
}
std::vector<const EndpointSip*> Snapshot::endpoints_sip() const {
    return sorted<EndpointSip>(endpoints_sip_);
}
std::vector<const Extension*> Snapshot::extensions() const {
    return sorted<Extension>(extensions_);
}
std::vector<const Context*> Snapshot::contexts() const {
    return sorted<Context>(contexts_);
}

SnapshotBuilder::SnapshotBuilder(const Snapshot& previous)
    : edition_(next_edition()), next_(std::make_shared<Snapshot>(previous)) {}

void SnapshotBuilder::put(User user) {
    if (const User* old = next_->user(user.id))
        erase_name(next_->users_by_uuid_, edition_, std::string_view(old->uuid), old->id);
    const auto shared = std::make_shared<const User>(std::move(user));
    if (!shared->uuid.empty()) next_->users_by_uuid_.put(edition_, shared->uuid, shared);
    next_->users_.put(edition_, shared->id, shared);
}

void SnapshotBuilder::put(Line line) {
    const LineId id = line.id;
    if (const Line* old = next_->line(id)) take_endpoint_from(*old);
    if (line.endpoint_sip) next_->line_of_endpoint_.put(edition_, line.endpoint_sip, id);
    next_->lines_.put(edition_, id, std::make_shared<const Line>(std::move(line)));
    // Its position may have changed. Iterate over a copy: ordering edits the very tables.
    for (const UserId user : std::vector<UserId>(next_->users_of_line(id)))
        order_lines_of(user);
}

void SnapshotBuilder::put(EndpointSip endpoint) {
    if (const EndpointSip* old = next_->endpoint_sip(endpoint.id))
        erase_name(next_->endpoints_sip_by_username_, edition_, std::string_view(old->username), old->id);
    const auto shared = std::make_shared<const EndpointSip>(std::move(endpoint));
    next_->endpoints_sip_by_username_.put(edition_, shared->username, shared);
    next_->endpoints_sip_.put(edition_, shared->id, shared);
}

void SnapshotBuilder::put(Extension extension) {
    if (const Extension* old = next_->extension(extension.id))
        erase_name(next_->extensions_by_number_, edition_, number_of(*old), old->id);
    const auto shared = std::make_shared<const Extension>(std::move(extension));
    next_->extensions_by_number_.put(edition_, {shared->context, shared->exten}, shared);
    next_->extensions_.put(edition_, shared->id, shared);
}

void SnapshotBuilder::put(Context context) {
    if (const Context* old = next_->context(context.id))
        erase_name(next_->contexts_by_name_, edition_, std::string_view(old->name), old->id);
    const auto shared = std::make_shared<const Context>(std::move(context));
    next_->contexts_by_name_.put(edition_, shared->name, shared);
    next_->contexts_.put(edition_, shared->id, shared);
}

void SnapshotBuilder::put(const UserLine& link) {
    put_link(next_->links_of_user_.edit(edition_, link.user).lines, link);
    order_lines_of(link.user);

    auto& links = next_->links_of_line_.edit(edition_, link.line);
    put_link(links.users, link);
    std::sort(links.users.begin(), links.users.end(), [](const UserLine& a, const UserLine& b) {
        return std::tuple(!a.main_user, a.user) < std::tuple(!b.main_user, b.user);
    });
    links.user_ids = ids_of(links.users, &UserLine::user);
}

void SnapshotBuilder::put(const LineExtension& link) {
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

void SnapshotBuilder::erase(UserId id) {
    const User* user = next_->user(id);
    if (!user) return;
    if (const auto* links = next_->links_of_user_.find(id)) {
        for (const UserLine& link : std::vector<UserLine>(links->lines))
            erase(link);
    }
    erase_name(next_->users_by_uuid_, edition_, std::string_view(user->uuid), id);
    next_->users_.erase(edition_, id);
}

void SnapshotBuilder::erase(LineId id) {
    const Line* line = next_->line(id);
    if (!line) return;
    if (const auto* found = next_->links_of_line_.find(id)) {
        const auto links = *found;
        for (const UserLine& link : links.users)
            erase(link);
        for (const LineExtension& link : links.extensions)
            erase(link);
    }
    take_endpoint_from(*line);
    next_->lines_.erase(edition_, id);
}

void SnapshotBuilder::erase(EndpointSipId id) {
    const EndpointSip* endpoint = next_->endpoint_sip(id);
    if (!endpoint) return;
    next_->line_of_endpoint_.erase(edition_, id);
    erase_name(next_->endpoints_sip_by_username_, edition_, std::string_view(endpoint->username), id);
    next_->endpoints_sip_.erase(edition_, id);
}

void SnapshotBuilder::erase(ExtensionId id) {
    const Extension* extension = next_->extension(id);
    if (!extension) return;
    if (const auto* links = next_->links_of_extension_.find(id)) {
        for (const LineExtension& link : std::vector<LineExtension>(links->lines))
            erase(link);
    }
    erase_name(next_->extensions_by_number_, edition_, number_of(*extension), id);
    next_->extensions_.erase(edition_, id);
}

void SnapshotBuilder::erase(ContextId id) {
    const Context* context = next_->context(id);
    if (!context) return;
    erase_name(next_->contexts_by_name_, edition_, std::string_view(context->name), id);
    next_->contexts_.erase(edition_, id);
}

void SnapshotBuilder::erase(const UserLine& link) {
    if (next_->links_of_user_.find(link.user)) {
        auto& links = next_->links_of_user_.edit(edition_, link.user);
        erase_link(links.lines, link);
        links.line_ids = ids_of(links.lines, &UserLine::line);
    }
    if (next_->links_of_line_.find(link.line)) {
        auto& links = next_->links_of_line_.edit(edition_, link.line);
        erase_link(links.users, link);
        links.user_ids = ids_of(links.users, &UserLine::user);
    }
}

void SnapshotBuilder::erase(const LineExtension& link) {
    if (next_->links_of_line_.find(link.line))
        erase_link(next_->links_of_line_.edit(edition_, link.line).extensions, link);
    if (next_->links_of_extension_.find(link.extension)) {
        auto& links = next_->links_of_extension_.edit(edition_, link.extension);
        erase_link(links.lines, link);
        links.line_ids = ids_of(links.lines, &LineExtension::line);
    }
}

void SnapshotBuilder::take_endpoint_from(const Line& line) {
    const LineId* owner = next_->line_of_endpoint_.find(line.endpoint_sip);
    if (owner && *owner == line.id) next_->line_of_endpoint_.erase(edition_, line.endpoint_sip);
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
