// SPDX-License-Identifier: GPL-3.0-or-later
import { IconUsers } from '@/components/icons';

export const kUsersIcon = <IconUsers size={19} stroke={1.7} />;
