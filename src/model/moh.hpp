// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// A category of music on hold (ADB-071 to ADB-077). Users, groups, queues name it.
struct Moh {
    MohId id;
    std::string uuid;
    std::string name;  ///< Made of the label when it is created.
    std::string label;
    std::string mode = "files";
    std::string application;  ///< Of the mode "custom": what is run.
    std::string sort;         ///< Of the mode "files"; empty: as files are listed.
};
template <>
Declaration declare<Moh>();

}  // namespace almon::model
