// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace almon {

/// One callable of many lambdas, for std::visit: `std::visit(Overload{[](A) {...}, [](B) {...}}, variant)`.
template <class... Callables>
struct Overload : Callables... {
    using Callables::operator()...;
};
template <class... Callables>
Overload(Callables...) -> Overload<Callables...>;

}  // namespace almon
