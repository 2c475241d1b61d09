/** One section of the builder: a question as its title, what it says in a word beside it. */
import type { ReactNode } from 'react'
import type { Section as SectionName } from './lib/paths'

interface Props {
  name: SectionName
  title: string
  text?: ReactNode
  extra?: ReactNode
  children: ReactNode
}

export const BuilderSection = ({ name, title, text, extra, children }: Props) => (
  <section className="card builder-section" id={`section-${name}`} tabIndex={-1}>
    <div className="card-head">
      <div><h2>{title}</h2>{text ? <p className="faint">{text}</p> : null}</div>
      {extra}
    </div>
    <div className="card-body">{children}</div>
  </section>
)

export const jumpTo = (name: SectionName, field?: number | null): void => {
  const section = document.querySelector<HTMLElement>(field === null || field === undefined ? `#section-${name}` : `#level-${field}`) ?? document.querySelector<HTMLElement>(`#section-${name}`)
  section?.scrollIntoView({ behavior: 'smooth', block: 'center' })
  section?.classList.add('flash')
  setTimeout(() => section?.classList.remove('flash'), 1500)
  section?.querySelector<HTMLElement>('input, .cm-content, textarea')?.focus({ preventScroll: true })
}
