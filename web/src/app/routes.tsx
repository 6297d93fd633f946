// SPDX-License-Identifier: GPL-3.0-or-later
// Who signs in as an administrator has other views than a person; none of the other's code is loaded.
import { lazy } from 'react';
import { createBrowserRouter, Navigate, type RouteObject } from 'react-router-dom';
import { NotFound } from '@/components/NotFound';
import { ViewFailed } from '@/components/ViewFailed';
import { kKinds } from '@/features/resources/kinds';

const AdministratorShell = lazy(() => import('./AdministratorShell').then((module) => ({ default: module.AdministratorShell })));
const PersonShell = lazy(() => import('./PersonShell').then((module) => ({ default: module.PersonShell })));
const SoftphonePage = lazy(() => import('@/features/softphone/SoftphonePage').then((module) => ({ default: module.SoftphonePage })));
const UsersPage = lazy(() => import('@/features/users/UsersPage').then((module) => ({ default: module.UsersPage })));
const UserPage = lazy(() => import('@/features/users/UserPage').then((module) => ({ default: module.UserPage })));
const HistoryPage = lazy(() => import('@/features/history/HistoryPage').then((module) => ({ default: module.HistoryPage })));
const ResourcesPage = lazy(() => import('@/features/resources/ResourcesPage').then((module) => ({ default: module.ResourcesPage })));
const ResourcePage = lazy(() => import('@/features/resources/ResourcePage').then((module) => ({ default: module.ResourcePage })));

const elsewhere: RouteObject = { path: '*', element: <NotFound /> };

export function person_routes() {
  return createBrowserRouter([
    { element: <PersonShell />, errorElement: <ViewFailed />, children: [{ index: true, element: <SoftphonePage /> }, elsewhere] },
  ]);
}

export function administrator_routes() {
  return createBrowserRouter([
    {
      element: <AdministratorShell />,
      errorElement: <ViewFailed />,
      children: [
        { index: true, element: <Navigate to="/users" replace /> },
        { path: 'users', element: <UsersPage /> },
        { path: 'users/:id', element: <UserPage /> },
        { path: 'history', element: <HistoryPage /> },
        ...kKinds.flatMap((kind): RouteObject[] => [
          { path: kind.key, element: <ResourcesPage key={kind.key} kind={kind} /> },
          { path: `${kind.key}/:id`, element: <ResourcePage key={kind.key} kind={kind} /> },
        ]),
        elsewhere,
      ],
    },
  ]);
}
