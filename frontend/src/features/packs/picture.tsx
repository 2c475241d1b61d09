/** A pack's picture; a pack of one's own shows the first character of its name. */
import { useState } from 'react'

export const Picture = ({ of, name }: { of: string; name: string }) => {
  const [missing, setMissing] = useState(false)
  const own = of === 'uploaded' || missing
  return <div className="pack-picture" aria-hidden="true">{own ? <span>{name.slice(0, 1)}</span> : <img src={`${import.meta.env.BASE_URL}packs/${of}.svg`} alt="" loading="lazy" onError={() => setMissing(true)} />}</div>
}
