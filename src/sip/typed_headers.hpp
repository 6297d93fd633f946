// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The typed headers that Message hands out itself.
#include "sip/cseq.hpp"        // IWYU pragma: export
#include "sip/name_addr.hpp"   // IWYU pragma: export
#include "sip/parameters.hpp"  // IWYU pragma: export
#include "sip/via.hpp"         // IWYU pragma: export
