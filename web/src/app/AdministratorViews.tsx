// SPDX-License-Identifier: GPL-3.0-or-later
import { lazy, useState } from 'react';
import { createBrowserRouter, Navigate, RouterProvider, type RouteObject } from 'react-router-dom';
import { NotFound } from '@/components/NotFound';
import { ViewFailed } from '@/components/ViewFailed';
import { kKinds } from '@/features/resources/kinds';
import { AdministratorShell } from './AdministratorShell';

const UsersPage = lazy(() => import('@/features/users/UsersPage').then((module) => ({ default: module.UsersPage })));
const UserPage = lazy(() => import('@/features/users/UserPage').then((module) => ({ default: module.UserPage })));
const UserKeysPage = lazy(() => import('@/features/funckeys/UserKeysPage').then((module) => ({ default: module.UserKeysPage })));
const ImportPage = lazy(() => import('@/features/users/ImportPage').then((module) => ({ default: module.ImportPage })));
const OverviewPage = lazy(() => import('@/features/overview/OverviewPage').then((module) => ({ default: module.OverviewPage })));
const LivePage = lazy(() => import('@/features/live/LivePage').then((module) => ({ default: module.LivePage })));
const ExplainPage = lazy(() => import('@/features/explain/ExplainPage').then((module) => ({ default: module.ExplainPage })));
const WhyPage = lazy(() => import('@/features/explain/WhyPage').then((module) => ({ default: module.WhyPage })));
const CallLogsPage = lazy(() => import('@/features/call_logs/CallLogsPage').then((module) => ({ default: module.CallLogsPage })));
const HistoryPage = lazy(() => import('@/features/history/HistoryPage').then((module) => ({ default: module.HistoryPage })));
const SoundsPage = lazy(() => import('@/features/sounds/SoundsPage').then((module) => ({ default: module.SoundsPage })));
const SettingsPage = lazy(() => import('@/features/settings/SettingsPage').then((module) => ({ default: module.SettingsPage })));
const SettingPage = lazy(() => import('@/features/settings/SettingsPage').then((module) => ({ default: module.SettingPage })));
const ResourcesPage = lazy(() => import('@/features/resources/ResourcesPage').then((module) => ({ default: module.ResourcesPage })));
const ResourcePage = lazy(() => import('@/features/resources/ResourcePage').then((module) => ({ default: module.ResourcePage })));

function new_router() {
  return createBrowserRouter([
    {
      element: <AdministratorShell />,
      errorElement: <ViewFailed />,
      children: [
        { index: true, element: <Navigate to="/users" replace /> },
        { path: 'users', element: <UsersPage /> },
        { path: 'users/import', element: <ImportPage /> },
        { path: 'users/:id', element: <UserPage /> },
        { path: 'users/:id/keys', element: <UserKeysPage own={false} /> },
        { path: 'overview', element: <OverviewPage /> },
        { path: 'live', element: <LivePage /> },
        { path: 'explain', element: <ExplainPage /> },
        { path: 'why/:id', element: <WhyPage /> },
        { path: 'call_logs', element: <CallLogsPage /> },
        { path: 'history', element: <HistoryPage /> },
        { path: 'sounds', element: <SoundsPage /> },
        { path: 'settings', element: <SettingsPage /> },
        { path: 'settings/:key', element: <SettingPage /> },
        ...kKinds.flatMap((kind): RouteObject[] => [
          { path: kind.key, element: <ResourcesPage key={kind.key} kind={kind} /> },
          { path: `${kind.key}/:id`, element: <ResourcePage key={kind.key} kind={kind} /> },
        ]),
        { path: '*', element: <NotFound /> },
      ],
    },
  ]);
}

/// What an administrator sees; none of it is loaded for a person.
export function AdministratorViews() {
  const [router] = useState(new_router);
  return <RouterProvider router={router} />;
}
