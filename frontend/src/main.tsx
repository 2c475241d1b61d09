import 'antd/dist/reset.css'
import './app/style.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'
import { queryClient } from './app/query'
import { router } from './app/routes'
import { ThemeProvider, useTheme } from './app/theme'
import { applyTokens, DARK, LIGHT } from './app/tokens'
import { startI18n } from './i18n'

const { dark } = useTheme.getState()
applyTokens(dark ? DARK : LIGHT, dark)
await startI18n()

createRoot(document.querySelector('#root') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <ThemeProvider>
        <RouterProvider router={router} />
      </ThemeProvider>
    </QueryClientProvider>
  </StrictMode>,
)
