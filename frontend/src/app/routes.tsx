/** The router, made from the table of pages. */
import { lazy, Suspense } from 'react'
import { createBrowserRouter, Navigate, type RouteObject } from 'react-router'
import { PageSkeleton } from '../components/states'
import { Guard } from './guard'
import { NotFound, RouteFailure } from './not-found'
import { type PageEntry, PAGES } from './pages'

const routeOf = ({ path, page }: PageEntry): RouteObject => {
  const Lazy = lazy(page)
  const element = <Suspense fallback={<PageSkeleton />}><Lazy /></Suspense>
  return { ...(path === '' ? { index: true } : { path }), element, errorElement: <RouteFailure /> }
}

const Login = lazy(() => import('../features/login/page'))

export const router = createBrowserRouter(
  [
    { path: '/login', element: <Suspense fallback={null}><Login /></Suspense> },
    { path: '/', element: <Guard />, errorElement: <RouteFailure />, children: [...PAGES.map(routeOf), { path: 'index.html', element: <Navigate to="/" replace /> }, { path: '*', element: <NotFound /> }] },
  ],
  { basename: '/app' },
)
