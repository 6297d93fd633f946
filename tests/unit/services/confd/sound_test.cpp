// SPDX-License-Identifier: GPL-3.0-or-later
// Files of music on hold and of sounds. What begins with "RIFF" is audio here.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "support/confd_service.hpp"

namespace almon::services {
namespace {

struct Sounds : test::ConfdService {
    Sounds() {
        std::filesystem::create_directories(folder.path() / "shipped/en_US");
        EXPECT_FALSE(write_file(folder.path() / "shipped/en_US/hello.wav", "RIFF hello", 0600));
    }
    /// With the type that files have.
    Answer upload(const std::string& target, const std::string& body) {
        return ask(http::Method::Put, target, body, {}, "application/octet-stream");
    }
    Answer download(const std::string& target) {
        return ask(http::Method::Get, target, {}, {}, {}, "application/octet-stream");
    }
    [[nodiscard]] std::vector<std::string> files_below(const char* where) const {
        std::vector<std::string> found;
        std::error_code none;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path() / where, none)) {
            if (entry.is_regular_file())
                found.push_back(entry.path().lexically_relative(folder.path()).string());
        }
        std::sort(found.begin(), found.end());
        return found;
    }
};

// ADB-072: a category of the type files has files
TEST_F(Sounds, MusicOnHoldHasFiles) {
    const auto made = post("/moh", R"({"label":"Quiet music","mode":"files"})");
    ASSERT_EQ(made.status, 201) << made.text;
    EXPECT_EQ(made.body.at("files"), boost::json::array());
    const auto moh = "/moh/" + std::string(made.body.at("uuid").as_string());
    const auto name = std::string(made.body.at("name").as_string());
    ASSERT_EQ(upload(moh + "/files/waltz.wav", "RIFF waltz").status, 204);
    ASSERT_EQ(upload(moh + "/files/%C3%A9t%C3%A9.wav", "RIFF summer").status, 204);
    EXPECT_EQ(boost::json::serialize(get(moh).body.at("files")),
              R"([{"name":"waltz.wav"},{"name":"été.wav"}])");
    EXPECT_EQ(files_below("audio"), (std::vector<std::string>{"audio/moh/" + name + "/waltz.wav",
                                                              "audio/moh/" + name + "/été.wav"}));
    EXPECT_EQ(download(moh + "/files/waltz.wav").text, "RIFF waltz");
    ASSERT_EQ(upload(moh + "/files/waltz.wav", "RIFF another").status, 204);
    EXPECT_EQ(download(moh + "/files/waltz.wav").text, "RIFF another");
    EXPECT_EQ(get(moh).body.at("files").as_array().size(), 2U);
    ASSERT_EQ(erase(moh + "/files/waltz.wav").status, 204);
    EXPECT_EQ(erase(moh + "/files/waltz.wav").status, 404);
    EXPECT_EQ(download(moh + "/files/waltz.wav").status, 404);
    EXPECT_EQ(boost::json::serialize(get(moh).body.at("files")), R"([{"name":"été.wav"}])");
    EXPECT_EQ(put(moh, R"({"files":[]})").status, 204);
    EXPECT_EQ(get(moh).body.at("files").as_array().size(), 1U) << "read only";
    configuration->listen([this](const auto&, const model::Change& change) { audio.follow(change); });
    ASSERT_EQ(erase(moh).status, 204);
    EXPECT_TRUE(files_below("audio").empty()) << "they go with their category";
}

TEST_F(Sounds, WhatIsNoAudioIsNotKept) {  // ADB-074
    const auto moh =
        "/moh/" + std::string(post("/moh", R"({"label":"a","mode":"files"})").body.at("uuid").as_string());
    ASSERT_EQ(post("/sounds", R"({"name":"playback"})").status, 201);
    for (const auto& place : {moh + "/files/a.wav", std::string("/sounds/playback/files/a.wav")}) {
        ASSERT_EQ(upload(place, "RIFF good").status, 204);
        const auto refused = upload(place, "<html>");
        EXPECT_EQ(refused.status, 400);
        EXPECT_NE(refused.text.find("is no audio"), std::string::npos);
        EXPECT_EQ(upload(place, "").status, 400);
        EXPECT_EQ(download(place).text, "RIFF good") << "what was there stays";
        EXPECT_EQ(ask(http::Method::Put, place, "RIFF", {}, "audio/wav").status, 415);
        EXPECT_EQ(get(place).status, 406);
    }
    EXPECT_EQ(files_below("audio").size(), 2U) << "no draft is left";
    EXPECT_EQ(upload("/moh/12345678-1234-1234-1234-123456789012/files/a.wav", "RIFF").status, 404);
    EXPECT_EQ(upload("/sounds/nothing/files/a.wav", "RIFF").status, 404);
}

TEST_F(Sounds, NamesCannotLeaveTheirFolder) {
    EXPECT_FALSE(write_file(folder.path() / "secret", "RIFF secret", 0600));
    const auto moh =
        "/moh/" + std::string(post("/moh", R"({"label":"a","mode":"files"})").body.at("uuid").as_string());
    ASSERT_EQ(post("/sounds", R"({"name":"playback"})").status, 201);
    for (const auto* name : {"..%2F..%2F..%2Fsecret", "%2Fetc%2Fpasswd", "..%5Csecret", ".hidden", "a%00b",
                             "a%0Ab", "%FF", "a%2Fb"}) {
        for (const auto& place : {moh + "/files/" + name, std::string("/sounds/playback/files/") + name,
                                  std::string("/sounds/") + name + "/files/a.wav"}) {
            const auto put_there = upload(place, "RIFF");
            EXPECT_TRUE(put_there.status == 400 || put_there.status == 404) << place << put_there.status;
            const auto read = download(place);
            EXPECT_TRUE(read.status == 400 || read.status == 404) << place << read.status;
            EXPECT_NE(erase(place).status, 204) << place;
        }
        EXPECT_NE(erase(std::string("/sounds/") + name).status, 204) << name;
    }
    EXPECT_EQ(upload("/sounds/playback/files/a?language=..", "RIFF").status, 400);
    EXPECT_EQ(upload("/sounds/playback/files/a?format=/../../b", "RIFF").status, 400);
    EXPECT_EQ(post("/sounds", R"({"name":"../up"})").status, 400);
    EXPECT_EQ(post("/sounds", R"({"name":".."})").status, 400);
    EXPECT_EQ(post("/sounds", R"({"name":""})").status, 400);
    EXPECT_EQ(post("/sounds", "{}").status, 400);
    EXPECT_EQ(post("/sounds", R"({"name":")" + std::string(129, 'a') + "\"}").status, 400);
    EXPECT_TRUE(files_below("audio").empty());
    EXPECT_EQ(test::read_file(folder.path() / "secret"), "RIFF secret");
}

// ADB-161: which languages there are
TEST_F(Sounds, AreFoundByCategoryLanguageAndFormat) {
    auto made = post("/sounds", R"({"name":"playback"})");
    ASSERT_EQ(made.status, 201);
    EXPECT_EQ(boost::json::serialize(made.body), R"({"name":"playback","files":[]})");
    EXPECT_EQ(post("/sounds", R"({"name":"playback"})").status, 400) << "it is taken";
    EXPECT_EQ(post("/sounds", R"({"name":"system"})").status, 400);
    const std::string files = "/sounds/playback/files/";
    ASSERT_EQ(upload(files + "closed", "RIFF any").status, 204);
    ASSERT_EQ(upload(files + "closed?language=fr_FR", "RIFF french").status, 204);
    ASSERT_EQ(upload(files + "closed.ogg?language=fr_FR", "RIFF french ogg").status, 204);
    EXPECT_EQ(upload(files + "closed.exe", "RIFF").status, 400);
    EXPECT_EQ(upload(files + "closed?format=exe", "RIFF").status, 400);
    EXPECT_EQ(download(files + "closed").text, "RIFF any");
    EXPECT_EQ(download(files + "closed.wav").text, "RIFF any");
    EXPECT_EQ(download(files + "closed?language=fr_FR&format=ogg").text, "RIFF french ogg");
    EXPECT_EQ(download(files + "closed?language=de_DE").status, 404);
    const auto category = get("/sounds/playback");
    ASSERT_EQ(category.body.at("files").as_array().size(), 1U) << category.text;
    EXPECT_EQ(category.body.at("files").at(0).at("name"), "closed");
    EXPECT_EQ(category.body.at("files").at(0).at("formats").as_array().size(), 3U);
    EXPECT_EQ(category.body.at("files").at(0).at("formats").at(0).at("path").as_string(),
              (folder.path() / "audio/sounds/playback/closed.wav").string());
    const auto all = get("/sounds");
    EXPECT_EQ(all.body.at("total"), 2);
    EXPECT_EQ(all.body.at("items").at(0).at("name"), "system");
    EXPECT_EQ(get("/sounds?search=play").body.at("total"), 1);
    EXPECT_EQ(boost::json::serialize(get("/sounds/languages").body),
              R"({"total":2,"items":[{"tag":"en_US"},{"tag":"fr_FR"}]})");
    ASSERT_EQ(erase(files + "closed?language=fr_FR").status, 204);
    EXPECT_EQ(get("/sounds/playback").body.at("files").at(0).at("formats").as_array().size(), 1U);
    ASSERT_EQ(erase("/sounds/playback").status, 204);
    EXPECT_EQ(get("/sounds/playback").status, 404);
    EXPECT_EQ(erase("/sounds/playback").status, 404);
}

TEST_F(Sounds, ThoseOfTheProgramAreReadOnly) {
    EXPECT_EQ(download("/sounds/system/files/hello?language=en_US").text, "RIFF hello");
    EXPECT_EQ(upload("/sounds/system/files/hello", "RIFF").status, 400);
    EXPECT_EQ(erase("/sounds/system/files/hello").status, 400);
    EXPECT_EQ(erase("/sounds/system").status, 400);
    EXPECT_EQ(files_below("shipped").size(), 1U);
}

TEST_F(Sounds, UnfinishedUploadsGoAtTheNextStart) {
    std::filesystem::create_directories(folder.path() / "audio");
    EXPECT_FALSE(write_file(folder.path() / "audio/.upload-abc123", "RIF", 0600));
    const AudioFiles next(folder.path() / "audio", folder.path() / "shipped", nullptr);
    EXPECT_TRUE(files_below("audio").empty());
}

}  // namespace
}  // namespace almon::services
