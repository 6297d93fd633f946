// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "model/resources.hpp"

namespace almon::model {

/// A resource or association as it shall be from now on: created, or replaced where its key exists.
template <class Resource>
struct Put {
    Resource resource;
};
/// A resource (by its id) or association (by what it joins) that shall be gone.
template <class Key>
struct Erase {
    Key key;
};

using Operation =
    std::variant<Put<User>, Put<Line>, Put<EndpointSip>, Put<Extension>, Put<Context>, Put<UserLine>,
                 Put<LineExtension>, Erase<UserId>, Erase<LineId>, Erase<EndpointSipId>, Erase<ExtensionId>,
                 Erase<ContextId>, Erase<UserLine>, Erase<LineExtension>>;

/// What is saved as one: all of it or nothing, under one number of the change log.
struct Change {
    std::string who;  ///< Who asked for it, for the change log: an account's name, or "system".
    std::vector<Operation> operations;

    template <class Resource>
    Change& put(Resource resource) {
        operations.emplace_back(Put<Resource>{std::move(resource)});
        return *this;
    }
    template <class Key>
    Change& erase(Key key) {
        operations.emplace_back(Erase<Key>{std::move(key)});
        return *this;
    }
};

}  // namespace almon::model
