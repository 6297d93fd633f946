// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/call_trace.hpp"

#include <algorithm>
#include <ranges>
#include <span>
#include <utility>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace almon::pbx {

std::string CallTrace::text() const {
    std::string text =
        fmt::format("Call {} of {:%Y-%m-%d %H:%M:%S} UTC\n", names.empty() ? "" : names.front(),
                    std::chrono::floor<std::chrono::seconds>(began));
    for (const auto& step : steps) {
        text +=
            fmt::format("{:>10.3f} s  {}\n", std::chrono::duration<double>(step.after).count(), step.text);
    }
    return text;
}

void CallTraces::begin(ChannelId chain, UtcTime now) {
    auto& trace = live_[chain];
    trace.chain = chain;
    trace.began = now;
}

void CallTraces::name(ChannelId chain, std::string unique_id, std::string channel_name) {
    if (auto* trace = trace_of(chain)) {
        trace->names.push_back(std::move(unique_id));
        trace->names.push_back(std::move(channel_name));
    }
}

void CallTraces::add(ChannelId chain, UtcTime now, std::string text) {
    if (auto* trace = trace_of(chain)) trace->steps.push_back({now - trace->began, std::move(text)});
}

void CallTraces::merge(ChannelId into, ChannelId chain) {
    auto node = live_.extract(chain);
    const auto found = live_.find(into);
    if (node.empty() || found == live_.end()) return;
    auto& trace = found->second;
    const auto offset = node.mapped().began - trace.began;
    for (auto& name : node.mapped().names)
        trace.names.push_back(std::move(name));
    for (auto& step : node.mapped().steps)
        trace.steps.push_back({step.after + offset, std::move(step.text)});
    std::ranges::stable_sort(trace.steps, {}, &CallTrace::Step::after);
}

void CallTraces::end(ChannelId chain) {
    auto node = live_.extract(chain);
    if (node.empty()) return;
    ended_.push_back(std::move(node.mapped()));
    while (ended_.size() > kept_)
        ended_.pop_front();
}

Result<std::string> CallTraces::find(std::string_view call) const {
    const auto has_name = [&](const CallTrace& trace) {
        return std::ranges::find(trace.names, call) != trace.names.end();
    };
    for (const auto& [chain, trace] : live_) {
        if (has_name(trace)) return trace.text();
    }
    // Channel names begin anew after a restart, so the youngest is meant.
    for (const auto& trace : std::views::reverse(ended_)) {
        if (has_name(trace)) return trace.text();
    }
    return refuse(ErrorCode::NotFound, "call", fmt::format("'{}' is not among the last calls", call));
}

std::string CallTraces::latest(std::size_t count) const {
    std::vector<const CallTrace*> traces;
    for (const auto& trace : std::views::reverse(ended_) | std::views::take(count))
        traces.push_back(&trace);
    for (const auto& [chain, trace] : live_)
        traces.push_back(&trace);
    std::ranges::sort(traces, {},
                      [](const CallTrace* trace) { return std::pair(trace->began, trace->chain); });
    std::string text;
    for (const auto* trace : std::span(traces).last(std::min(count, traces.size()))) {
        if (!text.empty()) text += '\n';
        text += trace->text();
    }
    return text.empty() ? "No call was made since the start.\n" : text;
}

CallTrace* CallTraces::trace_of(ChannelId chain) noexcept {
    if (const auto found = live_.find(chain); found != live_.end()) return &found->second;
    // What comes late (statistics) concerns the calls that ended just now.
    for (auto& trace : std::views::reverse(ended_)) {
        if (trace.chain == chain) return &trace;
    }
    return nullptr;
}

void CallTraces::save(Archive& archive) const {
    archive.put(live_);
    archive.put(ended_);
}

void CallTraces::restore(ArchiveReader& reader) {
    reader.get(live_);
    reader.get(ended_);
}

}  // namespace almon::pbx
