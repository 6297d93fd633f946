// SPDX-License-Identifier: GPL-3.0-or-later

/// The finger wheel of an old telephone.
export function Logo({ size = 28 }: { size?: number }) {
  return <img src="/icon.svg" width={size} height={size} alt="" />;
}
