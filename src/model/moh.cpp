// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/moh.hpp"

#include "base/uuid.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {
namespace {

/// The label in characters that name a folder.
std::string name_of(const std::string& label) {
    std::string name;
    for (const char c : label) {
        if (is_word_and(std::string_view(&c, 1), "-_"))
            name += c;
        else if (c == ' ')
            name += '_';
    }
    return name.empty() ? "music" : name.substr(0, 100);
}

void complete(Moh& moh, const Moh*, const Snapshot& snapshot, Random& random) {
    if (moh.uuid.empty()) moh.uuid = random_uuid(random);
    if (!moh.name.empty()) return;
    const auto start = name_of(moh.label);
    moh.name = start;
    for (int number = 2; snapshot.id_by<Moh>("name", moh.name) != 0; ++number)
        moh.name = start + '-' + std::to_string(number);
}

Result<void> fits(const Moh& moh, const Moh*, const Snapshot&) {
    if (moh.mode == "custom" && moh.application.empty())
        return refuse(ErrorCode::InvalidArgument, "application", "must be there for the mode 'custom'");
    return {};
}

}  // namespace

boost::json::object FieldCodec<MohFile>::schema() {
    return {{"type", "object"}, {"properties", {{"name", {{"type", "string"}}}}}};
}

boost::json::value FieldCodec<MohFile>::to_json(const MohFile& file) {
    return boost::json::object{{"name", file.name}};
}

Result<void> FieldCodec<MohFile>::from_json(const boost::json::value& json, MohFile& file) {
    const auto object = codec::object(json);
    if (!object) return refuse(object);
    auto name = codec::member(**object, "name", true);
    if (!name) return refuse(name);
    file.name = *std::move(name);
    return {};
}

template <>
Declaration declare<Moh>() {
    Declaration made;
    made.kind = "moh";
    made.title = "Moh";
    made.table = "music_on_hold";
    made.collection = "/moh";
    made.id_name = "moh_uuid";
    made.fields = {
        field("id", &Moh::id).key().sortable().says("Number of the category"),
        field("uuid", &Moh::uuid).read_only().unique().sortable().says("Names the category"),
        field("name", &Moh::name)
            .read_only()
            .unique()
            .searched()
            .sortable()
            .says("What users, groups and queues name it by"),
        field("label", &Moh::label).required().length(1, 128).searched().sortable().says("Shown to people"),
        field("mode", &Moh::mode).one_of({"custom", "files", "mp3"}).sortable().says("What is played"),
        field("application", &Moh::application)
            .length(0, 256)
            .sortable()
            .says("Of the mode custom: the program whose output is played"),
        field("sort", &Moh::sort)
            .one_of({"alphabetical", "random", "random_start"})
            .sortable()
            .says("Order in which files are played"),
        field("files", &Moh::files)
            .read_only()
            .says("Its audio files; /moh/{moh_uuid}/files takes and gives them"),
    };
    made.complete = declaring::completes<Moh, complete>;
    made.fits = declaring::fits<Moh, fits>;
    return made;
}

}  // namespace almon::model
