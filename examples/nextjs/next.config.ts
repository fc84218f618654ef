import type { NextConfig } from 'next';

const config: NextConfig = {
  // Lets several builds of this app (one per Verger instance) lie side by side.
  distDir: process.env.NEXT_DIST_DIR ?? '.next',
};

export default config;
