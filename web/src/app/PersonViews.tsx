// SPDX-License-Identifier: GPL-3.0-or-later
import { lazy, useState } from 'react';
import { createBrowserRouter, RouterProvider } from 'react-router-dom';
import { NotFound } from '@/components/NotFound';
import { ViewFailed } from '@/components/ViewFailed';
import { SoftphonePage } from '@/features/softphone/SoftphonePage';
import { PersonShell } from './PersonShell';

const PeoplePage = lazy(() => import('@/features/people/PeoplePage').then((module) => ({ default: module.PeoplePage })));
const ServicesPage = lazy(() => import('@/features/people/ServicesPage').then((module) => ({ default: module.ServicesPage })));
const ChatPage = lazy(() => import('@/features/chat/ChatPage').then((module) => ({ default: module.ChatPage })));
const VoicemailPage = lazy(() => import('@/features/voicemail/VoicemailPage').then((module) => ({ default: module.VoicemailPage })));
const UserKeysPage = lazy(() => import('@/features/funckeys/UserKeysPage').then((module) => ({ default: module.UserKeysPage })));

function new_router() {
  return createBrowserRouter([
    {
      element: <PersonShell />,
      errorElement: <ViewFailed />,
      children: [
        { index: true, element: <SoftphonePage /> },
        { path: 'people', element: <PeoplePage /> },
        { path: 'chat/:other?', element: <ChatPage /> },
        { path: 'voicemail', element: <VoicemailPage /> },
        { path: 'services', element: <ServicesPage /> },
        { path: 'keys', element: <UserKeysPage own /> },
        { path: '*', element: <NotFound /> },
      ],
    },
  ]);
}

/// What a person sees who has signed in to make calls.
export function PersonViews() {
  const [router] = useState(new_router);
  return <RouterProvider router={router} />;
}
