// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/declaration.hpp"

namespace almon::model {

/// A resource or association as it shall be from now on (created, or replaced where its key exists), or that
/// shall be gone.
struct Operation {
    const Declaration* declaration = nullptr;
    Key key;
    AnyResource resource;  ///< Null: erased.
    /// Where it is set, the resource must still be this very one: who changes what he has read wants to know
    /// that nobody changed it in between. Refused otherwise, with Outdated. In what a store tells of a change
    /// that it has made, what was there before; null: nothing.
    AnyResource expected;
};

/// What is saved as one: all of it or nothing, under one number of the change log.
struct Change {
    std::string who;  ///< Who asked for it, for the change log: an account's name, or "system".
    std::vector<Operation> operations;

    template <class Resource>
    Change& put(Resource resource) {
        auto shared = std::make_shared<const Resource>(std::move(resource));
        const Key key = declaring::key_of(*shared);
        operations.push_back({&declaration_of<Resource>(), key, std::move(shared), nullptr});
        return *this;
    }
    template <class Resource>
    Change& erase(Id<Resource> id) {
        operations.push_back({&declaration_of<Resource>(), {id.value, 0}, nullptr, nullptr});
        return *this;
    }
    /// An association; only what it joins is looked at.
    template <class Link>
        requires requires(const Link& link) { link.key(); }
    Change& erase(const Link& link) {
        operations.push_back({&declaration_of<Link>(), link.key(), nullptr, nullptr});
        return *this;
    }
};

}  // namespace almon::model
