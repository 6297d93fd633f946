// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/change_checks.hpp"

#include <fmt/format.h>

#include "model/snapshot.hpp"

namespace almon::model {
namespace {

Result<void> check_unique(const Declaration& declaration, Key key, const void* resource,
                          const Snapshot& snapshot) {
    for (const auto& field : declaration.fields) {
        if (!field.is_unique) continue;
        const auto value = field.get(resource);
        const std::string_view text = value.get_string();
        const auto owner = text.empty() ? 0 : snapshot.id_by(declaration, field.name, text);
        if (owner != 0 && owner != key.first)
            return refuse(ErrorCode::Conflict, field.name,
                          fmt::format("'{}' is taken by the {} {}", text, declaration.kind, owner));
    }
    return {};
}

std::string not_there(std::string_view name) {
    return fmt::format("'{}' does not exist", name);
}

const Referrer* other_owner(const std::vector<Referrer>& referrers, const Referrer& self) {
    for (const auto& referrer : referrers) {
        if (referrer.field->is_exclusive && !(referrer == self)) return &referrer;
    }
    return nullptr;
}

/// Whatever a resource has come to name must exist, and be free where it is for one alone.
Result<void> check_named(const Declaration& declaration, Key key, const void* resource, const void* before,
                         const Snapshot& snapshot) {
    const auto refuse_name = [](const Field& field, std::string_view name) {
        return refuse(ErrorCode::InvalidArgument, field.name, not_there(name));
    };
    for (const auto& field : declaration.fields) {
        const auto is_new = [&] { return before == nullptr || field.get(before) != field.get(resource); };
        if (field.refers()) {
            Reference missing;
            const Referrer* owner = nullptr;
            field.refer(resource, [&](const Reference& named) {
                if (!snapshot.has(named)) missing = named;
                if (field.is_exclusive)
                    owner = other_owner(snapshot.referrers(named), {&declaration, &field, key});
            });
            if (missing && is_new())
                return refuse_name(field, fmt::format("{} {}", missing.kind->kind, missing.id));
            if (owner != nullptr && is_new())
                return refuse(ErrorCode::Conflict, field.name,
                              fmt::format("is associated to the {} {}", owner->kind->kind,
                                          owner->kind->text_of(owner->key)));
        } else if (!field.names_kind.empty()) {
            const auto value = field.get(resource);
            const std::string_view name = value.get_string();
            if (!name.empty() && snapshot.id_by(*declaration_named(field.names_kind), "name", name) == 0 &&
                is_new())
                return refuse_name(field, name);
        }
    }
    return {};
}

}  // namespace

Result<void> check_put(const Declaration& declaration, Key key, const void* resource, const void* before,
                       const Snapshot& snapshot) {
    if (auto single = check_unique(declaration, key, resource, snapshot); !single) return single;
    if (auto known = check_named(declaration, key, resource, before, snapshot); !known) return known;
    if (declaration.fits == nullptr) return {};
    return declaration.fits(resource, before, snapshot);
}

}  // namespace almon::model
