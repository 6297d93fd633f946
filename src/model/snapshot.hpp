// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/resources.hpp"
#include "model/shared_map.hpp"

namespace almon::model {

/// The whole configuration at one change number: immutable, shared by everybody who reads, published
/// atomically. Built from the previous one by SnapshotBuilder; what did not change is shared. All look-ups
/// are O(log n) or better and allocate nothing; what they return lives as long as the snapshot.
class Snapshot final {
public:
    /// The configuration of a system in which nothing was ever saved: change 0.
    [[nodiscard]] static std::shared_ptr<const Snapshot> empty();

    /// The number of the last change it contains.
    [[nodiscard]] std::uint64_t change() const noexcept { return change_; }

    [[nodiscard]] const User* user(UserId id) const noexcept;
    [[nodiscard]] const Line* line(LineId id) const noexcept;
    [[nodiscard]] const EndpointSip* endpoint_sip(EndpointSipId id) const noexcept;
    [[nodiscard]] const Extension* extension(ExtensionId id) const noexcept;
    [[nodiscard]] const Context* context(ContextId id) const noexcept;
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
    /// The line's main number; null where it has none.
    [[nodiscard]] const Extension* main_extension_of_line(LineId line) const noexcept;
    [[nodiscard]] const UserLine* user_line(UserId user, LineId line) const noexcept;
    [[nodiscard]] const LineExtension* line_extension(LineId line, ExtensionId extension) const noexcept;

    // Lists, sorted by id. They allocate: for lists and reports, not for the call path.
    [[nodiscard]] std::vector<const User*> users() const;
    [[nodiscard]] std::vector<const Line*> lines() const;
    [[nodiscard]] std::vector<const EndpointSip*> endpoints_sip() const;
    [[nodiscard]] std::vector<const Extension*> extensions() const;
    [[nodiscard]] std::vector<const Context*> contexts() const;

private:
    friend class SnapshotBuilder;

    template <class Resource>
    using ById = SharedMap<Id<Resource>, std::shared_ptr<const Resource>>;
    template <class Resource>
    using ByName = SharedMap<std::string, std::shared_ptr<const Resource>, std::string_view>;
    template <class Resource>
    using ByNumber = SharedMap<std::pair<std::string, std::string>, std::shared_ptr<const Resource>,
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

    ById<User> users_;
    ByName<User> users_by_uuid_;
    ById<Line> lines_;
    SharedMap<EndpointSipId, LineId> line_of_endpoint_;
    ById<EndpointSip> endpoints_sip_;
    ByName<EndpointSip> endpoints_sip_by_username_;
    ById<Extension> extensions_;
    ByNumber<Extension> extensions_by_number_;
    ById<Context> contexts_;
    ByName<Context> contexts_by_name_;
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

    void put(User user);
    void put(Line line);
    void put(EndpointSip endpoint);
    void put(Extension extension);
    void put(Context context);
    void put(const UserLine& link);
    void put(const LineExtension& link);

    void erase(UserId id);
    void erase(LineId id);
    void erase(EndpointSipId id);
    void erase(ExtensionId id);
    void erase(ContextId id);
    void erase(const UserLine& link);       ///< Only user and line are looked at.
    void erase(const LineExtension& link);  ///< Only line and extension are looked at.

    /// What the next snapshot holds by now; to be read by the builder's own thread only.
    [[nodiscard]] const Snapshot& so_far() const noexcept { return *next_; }
    /// What was put so far, as a snapshot that contains the changes up to `change`. The builder is used up.
    [[nodiscard]] std::shared_ptr<const Snapshot> build(std::uint64_t change);

private:
    void take_endpoint_from(const Line& line);
    void order_lines_of(UserId user);

    Edition edition_;
    std::shared_ptr<Snapshot> next_;
};

}  // namespace almon::model
