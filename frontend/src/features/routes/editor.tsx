/** One route: the tree on the left, the chosen branch on the right, and a trial of it. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams, useSearchParams } from 'react-router'
import { api, ApiError } from '../../api/client'
import type { Definition } from '../../api/types'
import { errorText, queryClient } from '../../app/query'
import { publishDefinition } from '../../components/draft/publish-definition'
import { PageHeader } from '../../components/page-header'
import { ProblemList } from '../../components/problems'
import { Failed, PageSkeleton } from '../../components/states'
import { BranchForm } from './branch'
import { added, at, changed, moved, type Place, placeOf, type Route, toSave } from './model'
import './routes.css'
import { BranchNode, idOf } from './tree'
import { Trial, type TrialAnswer } from './trial'

const Editor = ({ initial, isNew }: { initial: Route; isNew: boolean }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [route, setRoute] = useState(initial)
  const [saved, setSaved] = useState(isNew ? null : initial)
  const [place, setPlace] = useState<Place>([])
  const [taken, setTaken] = useState<Set<string>>(new Set())
  const edit = (next: Route): void => {
    setRoute(next)
    setTaken(new Set())
  }
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: () => publishDefinition('routes', route.key, toSave(route)),
    onSuccess: () => {
      void message.success(t('已保存并生效'))
      setSaved(route)
      void queryClient.invalidateQueries({ queryKey: ['routes'] })
    },
  })
  const branch = at(route, place) ?? route
  const problems = save.error instanceof ApiError ? save.error.problems : []
  const show = (answer: TrialAnswer): void => setTaken(new Set(answer.routes.flatMap(({ path }) => {
    const steps = placeOf(path)
    return steps.map((_, index) => idOf(steps.slice(0, index + 1))).concat(idOf([]))
  })))
  return (
    <div className="page">
      <PageHeader title={route.name} back={{ to: '/routes', label: t('通知路由') }} text={t('从上往下，第一个符合的分支生效')} actions={<Button type="primary" disabled={saved === route} loading={save.isPending} onClick={() => save.mutate()}>{t('保存并生效')}</Button>} />
      {save.isError ? <Alert type="error" showIcon title={errorText(save.error)} description={problems.length > 0 ? <ProblemList problems={problems} /> : undefined} /> : null}
      <div className="route-room">
        <div>
          <section className="card pad">
            <ul className="branches root">
              <BranchNode
                branch={route}
                place={[]}
                selected={idOf(place)}
                taken={taken}
                onSelect={setPlace}
                onAdd={(where) => { edit(added(route, where)); setPlace([...where, at(route, where)?.routes?.length ?? 0]) }}
                onRemove={(where) => { edit(changed(route, where, () => undefined)); setPlace([]) }}
                onMove={(where, by) => edit(moved(route, where, by))}
              />
            </ul>
          </section>
          <Trial route={route} onAnswer={show} />
        </div>
        <section className="card pad"><BranchForm key={idOf(place)} branch={branch} isRoot={place.length === 0} onChange={(next) => edit(changed(route, place, () => next))} /></section>
      </div>
    </div>
  )
}

const RoutePage = () => {
  const { t } = useTranslation()
  const { key = '' } = useParams()
  const [search] = useSearchParams()
  const name = search.get('name')
  const found = useQuery({ queryKey: ['routes', key], queryFn: () => api.get<Definition<Route>>(`/routes/${key}`), enabled: name === null, retry: false })
  if (name !== null) return <Editor isNew initial={{ kind: 'route', key, name: name || t('新路由'), to: ['role:buyer'], channels: ['mailbox'] }} />
  if (found.isPending) return <PageSkeleton />
  if (found.isError) return <Failed error={found.error} retry={() => void found.refetch()} />
  const definition = found.data.draft?.definition ?? found.data.definition
  return <Editor key={found.data.version} isNew={false} initial={{ ...(definition as Route), kind: 'route', key, name: found.data.name }} />
}

export default RoutePage
