// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

#include "base/archive.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "pbx/ids.hpp"

namespace almon::pbx {

/// The 'why' record of one chain of calls: what was decided, with the data it was decided on.
struct CallTrace {
    struct Step {
        std::chrono::microseconds after{0};  ///< Since the call began.
        std::string text;
    };

    ChannelId chain;
    UtcTime began{};
    std::vector<std::string> names;  ///< Unique ids and names of its channels; the first is the linked id.
    std::vector<Step> steps;

    [[nodiscard]] std::string text() const;
};
BOOST_DESCRIBE_STRUCT(CallTrace::Step, (), (after, text))
BOOST_DESCRIBE_STRUCT(CallTrace, (), (chain, began, names, steps))

/// The traces of all calls that are up and of the last ones that ended.
class CallTraces final {
public:
    /// @param kept how many ended calls are remembered.
    explicit CallTraces(std::size_t kept) noexcept : kept_(kept) {}

    void begin(ChannelId chain, UtcTime now);
    void name(ChannelId chain, std::string unique_id, std::string channel_name);
    /// Ignored for calls that are forgotten.
    void add(ChannelId chain, UtcTime now, std::string text);
    /// One call has become part of another: its steps go on there, in the order of their time.
    void merge(ChannelId into, ChannelId chain);
    void end(ChannelId chain);
    [[nodiscard]] Result<std::string> find(std::string_view call) const;
    /// The last calls that began, the latest at the end.
    [[nodiscard]] std::string latest(std::size_t count) const;

    void save(Archive& archive) const;
    void restore(ArchiveReader& reader);

private:
    [[nodiscard]] CallTrace* trace_of(ChannelId chain) noexcept;

    std::size_t kept_;
    std::map<ChannelId, CallTrace> live_;
    std::deque<CallTrace> ended_;
};

}  // namespace almon::pbx
