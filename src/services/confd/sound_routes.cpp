// SPDX-License-Identifier: GPL-3.0-or-later
// Audio files: music on hold by category (ADB-072), sounds by category and language (ADB-161, ADB-163).

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "model/moh.hpp"
#include "model/text_checks.hpp"
#include "services/audio_files.hpp"
#include "services/confd/association.hpp"

namespace almon::services {

namespace json = boost::json;
namespace fs = std::filesystem;
using model::Moh;
using model::Snapshot;

namespace {

constexpr const char* kBytes = "application/octet-stream";
/// Of the announcements that came with the program.
constexpr const char* kSystem = "system";

json::object typed(const char* type) {
    return {{"type", type}};
}

json::object query_parameter(const char* name, const char* description) {
    return {{"name", name},
            {"in", "query"},
            {"required", false},
            {"type", "string"},
            {"description", description}};
}

/// A body that goes to the disk while it comes.
void add_upload(ConfdApi& confd, std::string_view path, OperationText text, http::Handler handler) {
    text.body = {{"type", "string"}, {"format", "binary"}};
    text.consumes = kBytes;
    text.max_body = AudioFiles::kMostBytes;
    http::RouteOptions options;
    options.take_body = [&audio = *confd.parts().audio](const http::Request&) {
        return audio.begin_upload();
    };
    confd.api().add(http::Method::Put, path, std::move(text), std::move(handler), std::move(options));
}

// Music on hold: which files a category has is part of the configuration, so that calls know without a disk

Result<Moh> moh_in(const http::Request& request, const Snapshot& snapshot) {
    const auto found = resource_in<Moh>(request, snapshot);
    if (!found) return refuse(found);
    return **found;
}

/// `file` is one of its files from now on, or no more.
void note(Moh& moh, const std::string& file, bool is_there) {
    std::erase_if(moh.files, [&](const model::MohFile& other) { return other.name == file; });
    if (is_there) moh.files.push_back({file});
    std::sort(moh.files.begin(), moh.files.end(),
              [](const model::MohFile& a, const model::MohFile& b) { return a.name < b.name; });
}

/// Planned as any change, so that it is tried again where others change the category.
Planner noting(bool is_there) {
    return [is_there](const http::Request& request, const Snapshot& before) -> tl::expected<Plan, Errors> {
        auto moh = moh_in(request, before);
        if (!moh) return refused(moh.error());
        note(*moh, std::string(request.path_parameter("moh_filename")), is_there);
        auto plan = associations::done();
        associations::change(plan, *std::move(moh), before);
        return plan;
    };
}

void add_music(ConfdApi& confd) {
    constexpr std::string_view kPath = "/moh/{moh_uuid}/files/{moh_filename}";
    const auto& audio = *confd.parts().audio;
    auto& store = confd.parts().store;
    confd.api().is_text("moh_filename");
    /// Where the request's file is, once its name and its category are known to be such.
    const auto place_of = [&audio, &store](const http::Request& request) -> Result<fs::path> {
        const auto moh = moh_in(request, *store.current());
        if (!moh) return refuse(moh);
        const auto file = request.path_parameter("moh_filename");
        if (const auto sound = AudioFiles::check_name("moh_filename", file); !sound) return refuse(sound);
        return audio.music() / moh->name / file;
    };
    confd.handle(http::Method::Get, kPath,
                 {.id = "get_moh_files",
                  .summary = "A file of music on hold",
                  .tag = "moh",
                  .responses = {{200, {{"type", "file"}}}, {404, {}}},
                  .produces = kBytes},
                 [place_of](const http::Request& request) -> Result<http::Response> {
                     const auto place = place_of(request);
                     if (!place) return refuse(place);
                     return AudioFiles::give(*place);
                 });
    add_upload(confd, kPath,
               {.id = "update_moh_files",
                .summary = "Add or replace a file of music on hold",
                .tag = "moh",
                .responses = {{204, {}}, {400, {}}, {404, {}}}},
               [place_of, &audio, change = confd.changing(noting(true))](
                   const http::Request& request) -> Result<http::Response> {
                   const auto place = place_of(request);
                   if (!place) return refuse(place);
                   if (const auto kept = audio.keep(*request.taker, *place); !kept) return refuse(kept);
                   return change(request);
               });
    confd.handle(http::Method::Delete, kPath,
                 {.id = "delete_moh_files",
                  .summary = "Erase a file of music on hold",
                  .tag = "moh",
                  .responses = {{204, {}}, {404, {}}}},
                 [place_of, change = confd.changing(noting(false))](
                     const http::Request& request) -> Result<http::Response> {
                     const auto place = place_of(request);
                     if (!place) return refuse(place);
                     auto changed = change(request);
                     if (!changed || changed->status != 204) return changed;
                     if (const auto erased = AudioFiles::erase(*place); !erased) return refuse(erased);
                     return changed;
                 });
}

// Sounds: folders and files, nothing else

struct SoundFile {
    std::string name;      ///< Without its ending.
    std::string format;    ///< Its ending: "wav".
    std::string language;  ///< Empty: of none.
    fs::path path;
};

SoundFile sound_file(const fs::path& path, std::string language) {
    auto format = path.extension().string();
    if (!format.empty()) format.erase(0, 1);
    return {path.stem().string(), std::move(format), std::move(language), path};
}

std::vector<SoundFile> sounds_in(const fs::path& category) {
    std::vector<SoundFile> found;
    for (const auto& file : AudioFiles::files_in(category))
        found.push_back(sound_file(category / file, ""));
    for (const auto& language : AudioFiles::folders_in(category)) {
        for (const auto& file : AudioFiles::files_in(category / language))
            found.push_back(sound_file(category / language / file, language));
    }
    return found;
}

json::object category_json(const std::string& name, const std::vector<SoundFile>& sounds) {
    std::map<std::string, json::array> formats;
    for (const auto& sound : sounds) {
        formats[sound.name].push_back(json::object{
            {"format", sound.format},
            {"language", sound.language.empty() ? json::value(nullptr) : json::value(sound.language)},
            {"path", sound.path.string()},
            {"text", nullptr}});
    }
    json::array files;
    for (auto& [file, of_file] : formats)
        files.push_back(json::object{{"name", file}, {"formats", std::move(of_file)}});
    return {{"name", name}, {"files", std::move(files)}};
}

class Sounds final {
public:
    explicit Sounds(const AudioFiles& audio) : audio_(audio) {}

    /// The folder of the category that a path names.
    [[nodiscard]] Result<fs::path> category_in(const http::Request& request) const {
        const std::string name(request.path_parameter("sound_category"));
        const auto folder = name == kSystem ? audio_.shipped() : audio_.sounds() / name;
        std::error_code error;
        if (!AudioFiles::check_name("", name) || !fs::is_directory(folder, error))
            return refuse(ErrorCode::NotFound, "Sound", '\'' + name + "' was not found");
        return folder;
    }
    /// The same, of one that may be changed.
    [[nodiscard]] Result<fs::path> own_category_in(const http::Request& request) const {
        if (request.path_parameter("sound_category") == kSystem)
            return refuse(ErrorCode::InvalidArgument, "sound_category", "belongs to the program");
        return category_in(request);
    }
    [[nodiscard]] Result<std::vector<SoundFile>> matching(const http::Request& request,
                                                          const fs::path& category) const {
        const auto wanted = request.path_parameter("sound_filename");
        const auto language = request.query.find("language");
        const auto format = request.query.find("format");
        auto found = sounds_in(category);
        std::erase_if(found, [&](const SoundFile& sound) {
            return (sound.name != wanted && sound.name + '.' + sound.format != wanted) ||
                   (language && sound.language != *language) || (format && sound.format != *format);
        });
        if (found.empty())
            return refuse(ErrorCode::NotFound, "Sound", '\'' + std::string(wanted) + "' was not found");
        return found;
    }
    /// Where an upload goes: its ending is the format asked for, or the name's own, or wav.
    [[nodiscard]] Result<fs::path> place_in(const http::Request& request, const fs::path& category) const {
        const std::string name(request.path_parameter("sound_filename"));
        if (const auto sound = AudioFiles::check_name("sound_filename", name); !sound) return refuse(sound);
        const std::string language(request.query.find("language").value_or(""));
        if (!language.empty() && !model::is_word_and(language, "_-"))
            return refuse(ErrorCode::InvalidArgument, "language", "must be like fr_FR");
        std::string format(request.query.find("format").value_or(""));
        auto file = fs::path(name);
        if (format.empty()) {
            format = file.extension().string();
            format.empty() ? format = "wav" : format.erase(0, 1);
        }
        constexpr auto kFormats =
            std::to_array<std::string_view>({"aiff", "au", "flac", "gsm", "mp3", "ogg", "opus", "wav"});
        if (std::find(kFormats.begin(), kFormats.end(), format) == kFormats.end())
            return refuse(ErrorCode::InvalidArgument, "format",
                          "must be one of aiff, au, flac, gsm, mp3, ogg, opus and wav");
        if (file.extension() == '.' + format) file = file.stem();
        return (language.empty() ? category : category / language) / (file.string() + '.' + format);
    }
    [[nodiscard]] json::array all(std::string_view search) const {
        json::array categories;
        const auto add = [&](const std::string& name, const fs::path& folder) {
            if (name.find(search) != std::string::npos)
                categories.push_back(category_json(name, sounds_in(folder)));
        };
        add(kSystem, audio_.shipped());
        for (const auto& name : AudioFiles::folders_in(audio_.sounds()))
            add(name, audio_.sounds() / name);
        return categories;
    }
    [[nodiscard]] json::array languages() const {
        std::set<std::string> tags;
        tags.merge(set_of(AudioFiles::folders_in(audio_.shipped())));
        for (const auto& name : AudioFiles::folders_in(audio_.sounds()))
            tags.merge(set_of(AudioFiles::folders_in(audio_.sounds() / name)));
        json::array items;
        for (const auto& tag : tags)
            items.push_back(json::object{{"tag", tag}});
        return items;
    }
    [[nodiscard]] Result<json::object> create(const http::Request& request) const {
        const auto body = object_in(request);
        if (!body) return refuse(body);
        const auto name = model::codec::member(*body, "name", true);
        if (!name) return refuse(name);
        if (const auto sound = AudioFiles::check_name("name", *name); !sound) return refuse(sound);
        std::error_code error;
        fs::create_directories(audio_.sounds(), error);
        const bool is_new = *name != kSystem && fs::create_directory(audio_.sounds() / *name, error);
        if (error) return refuse(ErrorCode::Unavailable, "name", "cannot be kept: " + error.message());
        if (!is_new) return refuse(ErrorCode::Conflict, "name", '\'' + *name + "' is taken");
        return category_json(*name, {});
    }

private:
    static std::set<std::string> set_of(std::vector<std::string> names) {
        return {names.begin(), names.end()};
    }

    const AudioFiles& audio_;
};

void define_sounds(Api& api) {
    json::object format{{"type", "object"},
                        {"properties",
                         {{"format", typed("string")},
                          {"language", typed("string")},
                          {"path", typed("string")},
                          {"text", typed("string")}}}};
    json::object file{
        {"type", "object"},
        {"properties",
         {{"name", typed("string")}, {"formats", {{"type", "array"}, {"items", std::move(format)}}}}}};
    api.define("Sound", {{"title", "Sound"},
                         {"type", "object"},
                         {"required", json::array{"name"}},
                         {"properties",
                          {{"name", typed("string")},
                           {"files", {{"type", "array"}, {"readOnly", true}, {"items", std::move(file)}}}}}});
    api.define("SoundItems", associations::items_of("Sound"));
    api.define("SoundLanguage",
               {{"title", "SoundLanguage"}, {"type", "object"}, {"properties", {{"tag", typed("string")}}}});
    api.define("SoundLanguageItems", associations::items_of("SoundLanguage"));
    api.is_text("sound_category");
    api.is_text("sound_filename");
}

void add_categories(ConfdApi& confd, const Sounds& sounds) {
    confd.read_slowly("/sounds",
                      {.id = "list_sounds",
                       .summary = "Sounds by category; those of the category system came with the program",
                       .tag = "sounds",
                       .responses = {{200, reference_to("SoundItems")}},
                       .parameters = {query_parameter("search", "A part of the category's name")}},
                      [sounds](const http::Request& request) -> Result<http::Response> {
                          return associations::items(sounds.all(request.query.find("search").value_or("")));
                      });
    confd.read_slowly("/sounds/languages",
                      {.id = "list_sounds_languages",
                       .summary = "Languages that there are sounds in",
                       .tag = "sounds",
                       .responses = {{200, reference_to("SoundLanguageItems")}}},
                      [sounds](const http::Request&) -> Result<http::Response> {
                          return associations::items(sounds.languages());
                      });
    confd.handle(http::Method::Post, "/sounds",
                 {.id = "create_sounds",
                  .summary = "Create a category of sounds",
                  .tag = "sounds",
                  .body = reference_to("Sound"),
                  .responses = {{201, reference_to("Sound")}, {400, {}}}},
                 [sounds](const http::Request& request) -> Result<http::Response> {
                     const auto made = sounds.create(request);
                     if (!made) return refuse(made);
                     return http::Response::json(201, *made);
                 });
    confd.read_slowly("/sounds/{sound_category}",
                      {.id = "get_sounds",
                       .summary = "A category of sounds",
                       .tag = "sounds",
                       .responses = {{200, reference_to("Sound")}, {404, {}}}},
                      [sounds](const http::Request& request) -> Result<http::Response> {
                          const auto folder = sounds.category_in(request);
                          if (!folder) return refuse(folder);
                          const std::string name(request.path_parameter("sound_category"));
                          return http::Response::json(200, category_json(name, sounds_in(*folder)));
                      });
    confd.handle(http::Method::Delete, "/sounds/{sound_category}",
                 {.id = "delete_sounds",
                  .summary = "Erase a category of sounds with its files",
                  .tag = "sounds",
                  .responses = {{204, {}}, {400, {}}, {404, {}}}},
                 [sounds](const http::Request& request) -> Result<http::Response> {
                     const auto folder = sounds.own_category_in(request);
                     if (!folder) return refuse(folder);
                     AudioFiles::erase_folder(*folder);
                     return http::Response::empty(204);
                 });
}

void add_sounds(ConfdApi& confd) {
    constexpr std::string_view kPath = "/sounds/{sound_category}/files/{sound_filename}";
    const auto& audio = *confd.parts().audio;
    const Sounds sounds(audio);
    define_sounds(confd.api());
    add_categories(confd, sounds);
    const std::vector<json::object> which = {query_parameter("language", "Like fr_FR"),
                                             query_parameter("format", "The file's ending, like wav")};
    confd.handle(http::Method::Get, kPath,
                 {.id = "get_sounds_files",
                  .summary = "A sound, the first that fits",
                  .tag = "sounds",
                  .responses = {{200, {{"type", "file"}}}, {404, {}}},
                  .parameters = which,
                  .produces = kBytes},
                 [sounds](const http::Request& request) -> Result<http::Response> {
                     const auto folder = sounds.category_in(request);
                     if (!folder) return refuse(folder);
                     const auto found = sounds.matching(request, *folder);
                     if (!found) return refuse(found);
                     return AudioFiles::give(found->front().path);
                 });
    add_upload(confd, kPath,
               {.id = "update_sounds_files",
                .summary = "Add or replace a sound",
                .tag = "sounds",
                .responses = {{204, {}}, {400, {}}, {404, {}}},
                .parameters = which},
               [sounds, &audio](const http::Request& request) -> Result<http::Response> {
                   const auto folder = sounds.own_category_in(request);
                   if (!folder) return refuse(folder);
                   const auto place = sounds.place_in(request, *folder);
                   if (!place) return refuse(place);
                   if (const auto kept = audio.keep(*request.taker, *place); !kept) return refuse(kept);
                   return http::Response::empty(204);
               });
    confd.handle(http::Method::Delete, kPath,
                 {.id = "delete_sounds_files",
                  .summary = "Erase a sound, in all languages and formats that fit",
                  .tag = "sounds",
                  .responses = {{204, {}}, {400, {}}, {404, {}}},
                  .parameters = which},
                 [sounds](const http::Request& request) -> Result<http::Response> {
                     const auto folder = sounds.own_category_in(request);
                     if (!folder) return refuse(folder);
                     const auto found = sounds.matching(request, *folder);
                     if (!found) return refuse(found);
                     for (const auto& sound : *found) {
                         if (const auto erased = AudioFiles::erase(sound.path); !erased)
                             return refuse(erased);
                     }
                     return http::Response::empty(204);
                 });
}

}  // namespace

void add_sound_routes(ConfdApi& confd) {
    if (confd.parts().audio == nullptr) return;
    add_music(confd);
    add_sounds(confd);
}

}  // namespace almon::services
