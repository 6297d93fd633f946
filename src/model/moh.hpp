// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// An audio file of a category, in the category's folder.
struct MohFile {
    std::string name;  ///< "waltz.wav"
};

/// A category of music on hold (ADB-071 to ADB-077). Users, groups, queues name it.
struct Moh {
    MohId id;
    std::string uuid;
    std::string name;  ///< Made of the label when it is created.
    std::string label;
    std::string mode = "files";
    std::string application;     ///< Of the mode "custom": what is run.
    std::string sort;            ///< Of the mode "files"; empty: as files are listed.
    std::vector<MohFile> files;  ///< By name.
};
template <>
Declaration declare<Moh>();

template <>
struct FieldCodec<MohFile> {
    static boost::json::object schema();
    static boost::json::value to_json(const MohFile& file);
    static Result<void> from_json(const boost::json::value& json, MohFile& file);
};

}  // namespace almon::model
