/** Nobody sees the shell without a session; where they wanted to go is kept for after the log-in. */
import { Navigate, useLocation } from 'react-router'
import { Failed } from '../components/states'
import { useSession } from './query'
import { Shell } from './shell'

export const Guard = () => {
  const session = useSession()
  const location = useLocation()
  if (session.isPending) return <div className="boot" aria-busy="true"><span className="boot-mark" /></div>
  if (session.isError) return <div className="page"><div className="card"><Failed error={session.error} retry={() => void session.refetch()} /></div></div>
  if (!session.data) {
    const wanted = location.pathname + location.search
    return <Navigate to={wanted === '/' ? '/login' : `/login?next=${encodeURIComponent(wanted)}`} replace />
  }
  return <Shell />
}
