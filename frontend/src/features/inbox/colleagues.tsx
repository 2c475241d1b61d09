/** Whom to hand it to. */
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { usePeople } from '../../components/person'

const Colleagues = ({ value, onChange }: { value: string | undefined; onChange: (value: string) => void }) => {
  const { t } = useTranslation()
  const people = usePeople()
  return <Select aria-label={t('转交给谁')} placeholder={t('转交给谁')} value={value} onChange={onChange} showSearch={{ optionFilterProp: 'label' }} options={people.data?.items.map((user) => ({ value: user.key, label: user.name }))} style={{ width: '100%' }} />
}

export default Colleagues
